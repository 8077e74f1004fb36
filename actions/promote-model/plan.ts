/** `mode: plan`: shows what would be done, and writes nothing but the plan. */
import type { ActionScope } from "../../shared/action/run-action.ts";
import { chooseVersion } from "../../shared/core/promotion/choose-target.ts";
import { challengeOf } from "../../shared/core/promotion/count-approvals.ts";
import type { LedgerState } from "../../shared/core/promotion/ledger.ts";
import { makePlan, type PlanFacts } from "../../shared/core/promotion/make-plan.ts";
import { formatRequest, requestPath } from "../../shared/core/promotion/promotion-request.ts";
import { assignmentTagName } from "../../shared/core/registry/tag-name.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import { type AnyPlan, promotionPlan } from "../../shared/records/promotion-plan.ts";
import { renderPlan } from "../../shared/report/plan.ts";
import { readPlanFacts } from "./plan-facts.ts";
import { readPlanRequest } from "./plan-request.ts";
import type { Ports } from "./ports.ts";
import { readLedgerSnapshot } from "./readers.ts";
import type { spec } from "./spec.ts";

export async function plan(
  kind: PlanFacts["kind"],
  { inputs, ports, log }: Pick<ActionScope<typeof spec, Ports>, "inputs" | "ports" | "log">,
) {
  const { digestOf } = ports;

  // Gather: the rules, who requests it, the requested version and the current version, with their records.
  const { rules, environment, metadata } = await readPlanRequest(inputs, ports);
  const { name: to, needs } = environment;
  const question = { model: rules.model.name, to, needs: [...needs], version: inputs.version };
  const snapshot = await readLedgerSnapshot(question, ports);
  for (const problem of snapshot.oddTags) log.warn(problem);
  const choose = (ledger: LedgerState): string => chooseVersion({ ...inputs, kind }, ledger);
  const facts = await readPlanFacts(kind, environment, choose, rules, snapshot, ports);

  // Decide.
  const planned = makePlan(facts, metadata);

  // Show: approvers see what they approve. A name that no tag can have is refused before.
  for (const { code, message, fix = "" } of planned.warnings ?? []) log.warn({ code, message, fix });
  const { model, assignment } = planned;
  const { version } = planned.target;
  const tag = assignmentTagName(model, to, assignment);
  const written = inVersion(promotionPlan, planned, rules.version);
  await ports.writePlan(written);
  const digest = digestRecord(written, digestOf);
  const asked = await writeRequest(planned, digest, ports);
  log.notice(`Planned: ${planned.kind} ${model} ${version} to ${to}; plan ${digest}`);
  return {
    outputs: {
      result: "planned" as const,
      ...{ model, version },
      "model-digest": planned.target.modelDigest,
      "plan-digest": digest,
      challenge: planned.challenge ? challengeOf(digest) : "",
      ...{ environment: to, run: String(ports.origin.run) },
      tag,
      record: "",
    },
    summary: renderPlan(planned, digest, asked),
  };
}

/** Where reviews approve: the file that a pull request adds, in the workspace and in the summary. */
export async function writeRequest(
  plan: AnyPlan,
  digest: string,
  { writeText }: Pick<Ports, "writeText">,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  if (plan.approvalBy !== "review") return undefined;
  const asked = { path: requestPath(plan.model, plan.to), text: formatRequest(plan, digest) };
  await writeText(asked.path, asked.text);
  return asked;
}
