/** Whether a plan that was approved may still be carried out: here, now, by this run, in this world. */
import { ActionError, type Problem, refused } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import type { Origin } from "../../records/fields.ts";
import type { PromotionPlan } from "../../records/promotion-record.ts";

export interface PlanClaim {
  /** The digest of the plan that was handed over. */
  readonly digest: string;
  /** The digest that came by the other way, from the job that made the plan. */
  readonly expected: string;
  readonly currentRun: Origin;
  /** The environment this job is for. */
  readonly environment: string;
}

/**
 * Whose plan it is, which never changes.
 *
 * @throws ActionError (a refusal): `plan-digest-differs`, `plan-of-other-run`, `plan-of-other-attempt`, `plan-for-other-environment`
 */
export function assertPlanOfThisRun(plan: PromotionPlan, claim: PlanClaim): void {
  const { currentRun: here, environment } = claim;
  const refuse = (code: string, message: string, fix: string) => refused({ code, message, fix });
  if (claim.digest !== claim.expected) {
    const message = `the plan's digest is ${claim.digest}, not ${claim.expected || "given"}`;
    throw refuse("plan-digest-differs", message, "Hand the plan and its digest over from the same plan job, unchanged");
  }
  const { origin } = plan;
  if (origin.repository !== here.repository || origin.run !== here.run || origin.workflow !== here.workflow) {
    const message = `the plan was made by run ${origin.run} of ${origin.workflow}`;
    throw refuse("plan-of-other-run", message, "Plan and apply in one run: an approval counts for its own run only");
  }
  if (origin.attempt > here.attempt) {
    const message = `the plan says it was made by attempt ${origin.attempt}, and this is attempt ${here.attempt}`;
    throw refuse("plan-of-other-attempt", message, "Start a new run");
  }
  if (plan.to !== environment) {
    const message = `the plan is for ${plan.to}, and this job is for ${environment}`;
    throw refuse("plan-for-other-environment", message, "Give both jobs the same environment");
  }
}

/**
 * Whether the plan may begin. One that has begun is finished, whatever the time.
 *
 * @param now UTC, ISO 8601
 * @throws ActionError (a refusal): `plan-expired`, `plan-of-other-attempt`
 */
export function assertPlanMayStart(plan: PromotionPlan, attempt: number, now: string): void {
  if (Date.parse(now) >= Date.parse(plan.expiresAt)) {
    throw refused({ code: "plan-expired", message: `the plan expired at ${plan.expiresAt}`, fix: "Start a new run" });
  }
  // A challenge binds approvals to the plan itself; without one, only the attempt does.
  if (plan.origin.attempt !== attempt && plan.approvals > 0 && !plan.challenge) {
    throw refused({
      code: "plan-of-other-attempt",
      message: `the plan was made by attempt ${plan.origin.attempt}, and this is attempt ${attempt}`,
      fix: "Start a new run: GitHub does not say which attempt an approval was for",
    });
  }
}

/** What each part of a plan means when it has changed meanwhile. */
const CHANGE_PROBLEMS: readonly (readonly [code: string, what: string, keys: readonly (keyof PromotionPlan)[]])[] = [
  ["version-swapped", "the version's tag says something else than when the plan was made", ["target", "evidence"]],
  ["base-moved", "something else stands in the environment than when the plan was made", ["replaces", "assignment"]],
  ["policy-changed", "the policy has changed since the plan was made", ["policy", "approvals", "from"]],
];

/**
 * Compares the approved plan with the plan one would make now.
 *
 * @throws ActionError (a refusal) with what has changed: `version-swapped`, `base-moved`, `policy-changed`, `plan-stale`
 */
export function assertPlanUnchanged(approved: PromotionPlan, now: PromotionPlan): void {
  const same = (key: keyof PromotionPlan): boolean =>
    canonicalJson(comparableValue(approved, key)) === canonicalJson(comparableValue(now, key));
  const fix = "Start a new run, so that what is carried out is what was approved";
  const named = CHANGE_PROBLEMS.filter(([, , keys]) => !keys.every(same));
  const problems: Problem[] = named.map(([code, message]) => ({ code, message, fix }));
  const rest = (Object.keys(now) as (keyof PromotionPlan)[]).filter((key) => !same(key));
  if (problems.length === 0 && rest.length > 0) {
    problems.push({ code: "plan-stale", message: `the plan has changed in ${rest.join(", ")}`, fix });
  }
  if (problems.length > 0) throw new ActionError("refused", problems);
}

/** The policy is what it says; that it stands at a newer commit unchanged is no change. */
const comparableValue = (plan: PromotionPlan, key: keyof PromotionPlan): unknown =>
  key === "policy" ? plan.policy.digest : plan[key];
