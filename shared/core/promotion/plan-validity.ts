/** Whether an approved plan may still be carried out: by this run, in this job, at this time, in the current state. */
import { ActionError, type Problem, refused } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import type { Origin } from "../../records/fields.ts";
import type { PromotionPlan } from "../../records/promotion-record.ts";
import { isSameRepository } from "../../records/repository-name.ts";

export interface PlanClaim {
  /** The digest of the plan that was handed over. */
  readonly digest: string;
  /** The digest that the job that made the plan has passed separately. */
  readonly expected: string;
  readonly currentRun: Origin;
  /** The environment this job is for. */
  readonly environment: string;
}

/**
 * Whether the plan belongs to this run and this job, which never changes.
 *
 * @throws ActionError (a refusal): `plan-digest-differs`, `plan-of-other-run`, `plan-of-other-attempt`, `plan-for-other-environment`
 */
export function assertPlanOfThisRun(plan: PromotionPlan, claim: PlanClaim): void {
  const { currentRun, environment } = claim;
  const refuse = (code: string, message: string, fix: string) => refused({ code, message, fix });
  if (claim.digest !== claim.expected) {
    const message = `the plan's digest is ${claim.digest}, ${claim.expected === "" ? "but no digest was passed" : `not ${claim.expected}`}`;
    throw refuse("plan-digest-differs", message, "Pass the plan and its digest from the same plan job, unchanged");
  }
  const { origin } = plan;
  if (
    !isSameRepository(origin.repository, currentRun.repository) ||
    origin.run !== currentRun.run ||
    origin.workflow !== currentRun.workflow
  ) {
    const message = `the plan was made by run ${origin.run} of ${origin.workflow}`;
    throw refuse("plan-of-other-run", message, "Plan and apply in one run: an approval counts only for its own run");
  }
  if (origin.attempt > currentRun.attempt) {
    const message = `the plan was made by attempt ${origin.attempt}, but this is attempt ${currentRun.attempt}`;
    throw refuse("plan-of-other-attempt", message, "Start a new run");
  }
  if (plan.to !== environment) {
    const message = `the plan is for ${plan.to}, but this job is for ${environment}`;
    throw refuse("plan-for-other-environment", message, "Give both jobs the same environment");
  }
}

/**
 * Whether the plan may be started. One that was started is completed at any time.
 *
 * @param now UTC, ISO 8601
 * @throws ActionError (a refusal): `plan-expired`, `plan-of-other-attempt`
 */
export function assertPlanMayStart(plan: PromotionPlan, attempt: number, now: string): void {
  if (Date.parse(now) >= Date.parse(plan.expiresAt)) {
    throw refused({ code: "plan-expired", message: `the plan expired at ${plan.expiresAt}`, fix: "Start a new run" });
  }
  // A challenge binds approvals to the plan; without one, only the attempt does.
  if (plan.origin.attempt !== attempt && plan.approvals > 0 && !plan.challenge) {
    throw refused({
      code: "plan-of-other-attempt",
      message: `the plan was made by attempt ${plan.origin.attempt}, but this is attempt ${attempt}`,
      fix: "Start a new run: GitHub does not report which attempt an approval was for",
    });
  }
}

/** The problem for each part of a plan that has changed since then. */
const CHANGE_PROBLEMS: readonly (readonly [code: string, message: string, keys: readonly (keyof PromotionPlan)[]])[] = [
  ["version-swapped", "the record in the version's tag has changed since the plan was made", ["target", "evidence"]],
  [
    "base-moved",
    "the version deployed to the environment has changed since the plan was made",
    ["replaces", "assignment"],
  ],
  ["policy-changed", "the policy has changed since the plan was made", ["policy", "approvals", "from"]],
];

/**
 * Compares the approved plan with the plan that would be made now.
 *
 * @throws ActionError (a refusal) with what has changed: `version-swapped`, `base-moved`, `policy-changed`, `plan-stale`
 */
export function assertPlanUnchanged(approved: PromotionPlan, now: PromotionPlan): void {
  const same = (key: keyof PromotionPlan): boolean =>
    canonicalJson(comparableValue(approved, key)) === canonicalJson(comparableValue(now, key));
  const fix = "Start a new run, so that the plan that is approved is the one that is carried out";
  const changed = CHANGE_PROBLEMS.filter(([, , keys]) => !keys.every(same));
  const problems: Problem[] = changed.map(([code, message]) => ({ code, message, fix }));
  const rest = (Object.keys(now) as (keyof PromotionPlan)[]).filter((key) => !same(key));
  if (problems.length === 0 && rest.length > 0) {
    problems.push({ code: "plan-stale", message: `a plan that is made now differs in ${rest.join(", ")}`, fix });
  }
  if (problems.length > 0) throw new ActionError("refused", problems);
}

/** Only the content of the policy counts: the same policy at a newer commit is not a change. */
const comparableValue = (plan: PromotionPlan, key: keyof PromotionPlan): unknown =>
  key === "policy" ? plan.policy.digest : plan[key];
