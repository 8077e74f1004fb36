/** `mode: request`: what a merged pull request asks for, so that the job can fetch its plan. It only reads. */
import type { ActionScope } from "../../shared/action/run-action.ts";
import { findRequestPath, type PromotionRequest, readRequest } from "../../shared/core/promotion/promotion-request.ts";
import type { ReviewedChange } from "../../shared/core/promotion/reviewed-change.ts";
import { refused } from "../../shared/problem/problem.ts";
import type { Ports } from "./ports.ts";
import { readPromotionRun } from "./readers.ts";
import type { spec } from "./spec.ts";

export interface MergedRequest {
  readonly change: ReviewedChange;
  readonly request: PromotionRequest;
}

export async function request({ ports, log }: Pick<ActionScope<typeof spec, Ports>, "ports" | "log">) {
  await readPromotionRun(ports);
  const { change, request: asked } = await readMergedRequest(ports);
  log.notice(`Pull request #${change.number} asks for ${asked.version} of ${asked.model} in ${asked.environment}`);
  return {
    outputs: {
      ...{ result: "requested" as const, version: asked.version, "plan-digest": asked.plan },
      ...{ model: asked.model, environment: asked.environment, run: String(asked.run) },
      ...{ "model-digest": "", challenge: "", tag: "", record: "" },
    },
  };
}

/**
 * The plan that a merge asks for, in the workspace as if it had been downloaded.
 *
 * @returns what says which plan it is @throws ActionError (a refusal) `plan-not-uploaded`, and as `readMergedRequest`
 */
export async function fetchRequestedPlan(ports: Ports): Promise<PromotionRequest> {
  const { request: asked } = await readMergedRequest(ports);
  const plan = await ports.fetchPlan(asked.run, asked.plan);
  if (plan === undefined) {
    throw refused({
      code: "plan-not-uploaded",
      message: `run ${asked.run} has no artifact with the plan ${asked.plan}: it was deleted, has expired, or was never uploaded`,
      fix: "Plan again, upload the plan as an artifact in that job, and open a new pull request",
    });
  }
  await ports.writePlan(plan);
  return asked;
}

/** @throws ActionError (a refusal) `request-not-merged`, `request-changed`, and as `findRequestPath` and `readRequest` */
export async function readMergedRequest({ changes, sha }: Ports): Promise<MergedRequest> {
  const change = await changes.mergedAs(sha);
  if (change === undefined) {
    throw refused({
      code: "request-not-merged",
      message: `commit ${sha.slice(0, 7)} is no merge of a pull request into the default branch`,
      fix: "Ask for a promotion by a pull request, and start this workflow by its merge: on: { push: { branches: [main] } }",
    });
  }
  const path = findRequestPath(change.files);
  const [reviewed, merged] = [await changes.readFile(change.head, path), await changes.readFile(sha, path)];
  if (merged === undefined || reviewed !== merged) {
    throw refused({
      code: "request-changed",
      message: `${path} is not what could be reviewed in pull request #${change.number}: it was removed, or changed by the merge`,
      fix: "Plan again, and open a new pull request",
    });
  }
  return { change, request: readRequest(merged, path) };
}
