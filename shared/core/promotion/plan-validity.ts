/** Whether an approved plan may still be carried out: by this run, in this job, at this time, in the current state. */
import { ActionError, type Problem, refused } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import type { Origin } from "../../records/fields.ts";
import { inVersion } from "../../records/in-version.ts";
import { type AnyPlan, anyPlan, type PromotionPlan } from "../../records/promotion-plan.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import { isSameRepository } from "../../records/repository-name.ts";
import { isSameEnvironment } from "../policy/environment-name.ts";

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
export function assertPlanOfThisRun(plan: AnyPlan, claim: PlanClaim): void {
  const { currentRun, environment } = claim;
  const refuse = (code: string, message: string, fix: string) => refused({ code, message, fix });
  if (claim.digest !== claim.expected) {
    const message = `the plan's digest is ${claim.digest}, ${claim.expected === "" ? "but no digest was passed" : `not ${claim.expected}`}`;
    throw refuse("plan-digest-differs", message, "Pass the plan and its digest from the same plan job, unchanged");
  }
  const { origin } = plan;
  const isOwn = isSameRepository(origin.repository, currentRun.repository);
  // The merge of a pull request is another run; reviews there are bound to the digest.
  const isHere = isReviewed(plan) || (origin.run === currentRun.run && origin.workflow === currentRun.workflow);
  if (!isOwn || !isHere) {
    const message = `the plan was made by run ${origin.run} of ${origin.workflow}`;
    throw refuse("plan-of-other-run", message, "Plan and apply in one run: an approval counts only for its own run");
  }
  if (!isReviewed(plan) && origin.attempt > currentRun.attempt) {
    const message = `the plan was made by attempt ${origin.attempt}, but this is attempt ${currentRun.attempt}`;
    throw refuse("plan-of-other-attempt", message, "Start a new run");
  }
  if (!isSameEnvironment(plan.to, environment)) {
    const message = `the plan is for ${plan.to}, but this job is for ${environment}`;
    throw refuse("plan-for-other-environment", message, "Give both jobs the same environment");
  }
}

const isReviewed = ({ approvalBy }: AnyPlan): boolean => approvalBy === "review";

/**
 * Whether the plan may be started. One that was started is completed at any time.
 *
 * @param now UTC, ISO 8601
 * @throws ActionError (a refusal): `plan-expired`, `plan-of-other-attempt`
 */
export function assertPlanMayStart(plan: AnyPlan, attempt: number, now: string): void {
  if (Date.parse(now) >= Date.parse(plan.expiresAt)) {
    throw refused({ code: "plan-expired", message: `the plan expired at ${plan.expiresAt}`, fix: "Start a new run" });
  }
  // A challenge binds approvals to the plan; without one, only the attempt does.
  if (!isReviewed(plan) && plan.origin.attempt !== attempt && plan.approvals > 0 && !plan.challenge) {
    throw refused({
      code: "plan-of-other-attempt",
      message: `the plan was made by attempt ${plan.origin.attempt}, but this is attempt ${attempt}`,
      fix: "Start a new run: GitHub does not report which attempt an approval was for",
    });
  }
}

/** Clocks of GitHub's servers differ, and its times have whole seconds. */
const CLOCK_DIFFERENCE_MS = 60_000;

/**
 * When a plan was made and how long it may wait it says itself: whoever could write its file could have written that, too.
 *
 * @param longest what the policy allows: milliseconds
 * @param madeBefore by GitHub's clock
 * @throws ActionError (a refusal): `plan-expired`, `plan-made-later`
 */
export function assertPlanNotTooOld(plan: AnyPlan, longest: number, now: string, madeBefore: string): void {
  const created = Date.parse(plan.createdAt);
  if (created > Date.parse(madeBefore) + CLOCK_DIFFERENCE_MS) {
    throw refused({
      code: "plan-made-later",
      message: `the plan says that it was made at ${plan.createdAt}, and its run had made it by ${madeBefore}`,
      fix: "Plan again: somebody has edited its file",
    });
  }
  if (Date.parse(now) < created + longest) return;
  throw refused({
    code: "plan-expired",
    message: `the plan was made at ${plan.createdAt}, and the policy's approval-expires lets it wait until ${new Date(created + longest).toISOString()}, not until ${plan.expiresAt}`,
    fix: "Start a new run",
  });
}

/** The problem for each part of a plan that has changed since then. */
const CHANGE_PROBLEMS: readonly (readonly [code: string, message: string, keys: readonly string[]])[] = [
  ["version-swapped", "the record in the version's tag has changed since the plan was made", ["target", "evidence"]],
  ["bytes-changed", "where the bytes are has changed since the plan was made", ["locations"]],
  [
    "base-moved",
    "the version deployed to the environment has changed since the plan was made",
    ["replaces", "assignment"],
  ],
  ["ledger-changed", "the ledger or its tags have changed since the plan was made", ["repair"]],
  [
    "policy-changed",
    "the policy has changed since the plan was made",
    ["policy", "approvals", "approvalBy", "approvers", "approvalEnvironments", "from", "needs"],
  ],
];

/**
 * Compares the approved plan with the plan that would be made now, both as written in the version of the approved one.
 *
 * @throws ActionError (a refusal) with what has changed: `version-swapped`, `base-moved`, `ledger-changed`, `policy-changed`,
 *   `plan-stale`
 */
export function assertPlanUnchanged({ written, version }: ReadRecord<AnyPlan>, now: AnyPlan): void {
  const before = written as PlanAsWritten;
  const after = writeAs(version, now);
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  const changedKeys = keys.filter((key) => comparableText(before, key) !== comparableText(after, key));
  const changed = CHANGE_PROBLEMS.filter(([, , of]) => of.some((key) => changedKeys.includes(key)));
  const problems: Problem[] = changed.map(([code, message]) => ({ code, message, fix: START_AGAIN }));
  if (problems.length === 0 && changedKeys.length > 0) {
    const message = `a plan that is made now differs in ${changedKeys.join(", ")}`;
    problems.push({ code: "plan-stale", message, fix: START_AGAIN });
  }
  if (problems.length > 0) throw new ActionError("refused", problems);
}

type PlanAsWritten = Readonly<Record<string, unknown>>;
const START_AGAIN = "Start a new run, so that the plan that is approved is the one that is carried out";

/** What the version of the approved plan cannot hold was not part of that plan. */
function writeAs(version: ReadRecord<PromotionPlan>["version"], now: AnyPlan): PlanAsWritten {
  try {
    return inVersion(anyPlan, now, version).written as PlanAsWritten;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const message = `the policy has changed since the plan was made: ${error.problems[0]?.message ?? ""}`;
    throw refused({ code: "policy-changed", message, fix: START_AGAIN });
  }
}

/** Only the content of the policy counts: the same policy at a newer commit is not a change. */
function comparableText(plan: PlanAsWritten, key: string): string | undefined {
  const value = key === "policy" ? (plan as unknown as PromotionPlan).policy.digest : plan[key];
  return value === undefined ? undefined : canonicalJson(value);
}
