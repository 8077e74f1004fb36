/** Who asks for a plan, for which environment, by which rules; and whether somebody else must really approve it. */
import { parseDuration } from "../../shared/core/policy/duration.ts";
import { assertChainProtected } from "../../shared/core/promotion/approval-chain.ts";
import { isByReview } from "../../shared/core/promotion/approval-kind.ts";
import { findEnvironment } from "../../shared/core/promotion/choose-target.ts";
import { assertAttemptKnown, assertBoundToModel } from "../../shared/core/promotion/count-approvals.ts";
import type { PlanMetadata } from "../../shared/core/promotion/make-plan.ts";
import type { Ports } from "./ports.ts";
import { readPromotionRules, readPromotionRun } from "./readers.ts";
import { readProtections } from "./verify-approvals.ts";

interface RequestInputs {
  readonly environment: string;
  readonly model: string;
  readonly reason: string;
  readonly challenge: boolean;
  /** Milliseconds. */
  readonly "valid-for": number;
}

/** @throws ActionError (a refusal) `environment-…`, `promotion-off-default-branch`, `approval-of-unknown-attempt`, `challenge-needed` */
export async function readPlanRequest(inputs: RequestInputs, ports: Ports) {
  const rules = await readPromotionRules(ports, inputs.model);
  const environment = findEnvironment(inputs.environment, rules.environments);
  const run = await readPromotionRun(ports);
  const requester = run.triggeringActor;
  const now = ports.now();
  if (!isByReview(environment)) {
    assertAttemptKnown(environment.approvals, run, inputs.challenge);
    assertBoundToModel(environment.approvals, rules.chosen, inputs.challenge);
    if (environment.approvals > 0)
      assertChainProtected(await readProtections(environment, ports.approvals), environment, requester);
  }
  const validFor = Math.min(inputs["valid-for"], parseDuration(environment["approval-expires"]));
  const metadata: PlanMetadata = {
    reason: inputs.reason,
    requestedBy: { login: requester.login, id: requester.id },
    createdAt: now,
    expiresAt: new Date(Date.parse(now) + validFor).toISOString(),
    // Reviews are bound to the plan by the file that they review.
    challenge: inputs.challenge && !isByReview(environment),
    origin: ports.origin,
  };
  return { rules, environment, metadata };
}
