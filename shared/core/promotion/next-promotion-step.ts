/**
 * The order of writes: intent, tag, deployment, commit. A run that was interrupted anywhere is continued from the observed
 * state, by a re-run or by the next promotion; repeating a step has no further effect.
 */
import { type ActionError, refused } from "../../problem/problem.ts";
import type { PromotionPlan } from "../../records/promotion-plan.ts";
import { assignmentTagName } from "../registry/tag-name.ts";
import { findPlanError } from "./find-plan-error.ts";
import { getEnvironment, isSameVersion, type LedgerEntry, type LedgerState } from "./ledger.ts";

/** The external state as a run that carries out a plan has read it. */
export interface ObservedState {
  readonly ledger: LedgerState;
  /** Names of the model's tags. */
  readonly tags: ReadonlySet<string>;
  /** Objects of the assignment tags that this run has created, or found identical, by plan. */
  readonly createdTags: ReadonlyMap<string, string>;
  /** Plans whose deployment this run has recorded, or found. */
  readonly deployed: ReadonlySet<string>;
  /** For an open intent of another plan: whether its run has ended and can write nothing any more. */
  readonly ownerHasEnded: boolean;
}

export type PromotionStep =
  | { readonly do: "begin" }
  | { readonly do: "tag" | "deploy" | "abort"; readonly intent: LedgerEntry }
  | { readonly do: "commit"; readonly intent: LedgerEntry; readonly object: string }
  | { readonly do: "nothing" };

/**
 * @throws ActionError (a refusal): `promotion-under-way`, `promotion-aborted`, `promotion-superseded`, `base-moved`,
 *   `environment-skipped`, `nothing-to-roll-back-to`, `record-newer`
 */
export function nextPromotionStep(plan: PromotionPlan, planDigest: string, observed: ObservedState): PromotionStep {
  const { openIntent, deployedVersions, lastAssignment } = getEnvironment(observed.ledger, plan.to);
  assertCanCarryOut(openIntent?.plan ?? plan);
  if (openIntent !== undefined && (openIntent.planDigest === planDigest || observed.ownerHasEnded)) {
    const isAbandoned = openIntent.planDigest !== planDigest && !observed.tags.has(tagNameOf(openIntent));
    return isAbandoned ? { do: "abort", intent: openIntent } : continueIntent(openIntent, observed);
  }
  const ended = observed.ledger.plans.get(planDigest);
  if (ended?.record.type === "committed") {
    assertStillCurrent(ended, observed.ledger);
    return { do: "nothing" };
  }
  if (ended?.record.type === "aborted") throw aborted(plan);
  if (openIntent !== undefined) throw promotionInProgress(openIntent);
  const current = deployedVersions.at(-1)?.version ?? null;
  if (!isSameVersion(plan.replaces, current) || plan.assignment <= lastAssignment) throw baseMoved(plan);
  // Another environment may have rolled back since the plan was approved.
  assertStillAllowed(plan, observed.ledger);
  return { do: "begin" };
}

/**
 * A plan that was carried out once must not be carried out again over what has come after it: a re-run of an old job would deploy
 * a version that was replaced, or rolled back as harmful, without anybody's approval.
 *
 * @throws ActionError (a refusal) `promotion-superseded`
 */
export function assertStillCurrent(entry: LedgerEntry, ledger: LedgerState): void {
  const { plan } = entry;
  const { tags, deployedVersions } = getEnvironment(ledger, plan.to);
  if (tags.at(-1)?.name === tagNameOf(entry)) return;
  const current = deployedVersions.at(-1)?.version.version;
  throw refused({
    code: "promotion-superseded",
    message: `this plan for ${plan.target.version} was carried out before, and ${plan.to} has changed since then: it has ${current ?? "nothing"}`,
    fix: "Start a new run for the version that is to be deployed",
  });
}

/** @throws ActionError (a refusal) `environment-skipped`, `nothing-to-roll-back-to` */
function assertStillAllowed(plan: PromotionPlan, ledger: LedgerState): void {
  const error = findPlanError(ledger, plan);
  if (error === undefined) return;
  throw refused({
    code: plan.kind === "roll-back" ? "nothing-to-roll-back-to" : "environment-skipped",
    message: `the plan for ${plan.to} cannot be carried out any more: ${error}`,
    fix: "Find out what has changed since the plan was made, and start a new run",
  });
}

function continueIntent(intent: LedgerEntry, { createdTags, deployed }: ObservedState): PromotionStep {
  const object = createdTags.get(intent.planDigest);
  if (object === undefined) return { do: "tag", intent };
  return deployed.has(intent.planDigest) ? { do: "commit", intent, object } : { do: "deploy", intent };
}

export const tagNameOf = ({ plan }: Pick<LedgerEntry, "plan">): string =>
  assignmentTagName(plan.model, plan.to, plan.assignment);

export const promotionInProgress = ({ plan, record: { origin } }: LedgerEntry): ActionError =>
  refused({
    code: "promotion-under-way",
    message: `${plan.target.version} is being promoted to ${plan.to} by attempt ${origin.attempt} of run ${origin.run}`,
    fix: "Wait for that run; if it was interrupted, try again after two minutes",
  });

/**
 * Whether this release knows everything that a plan asks for: it must not finish another release's rollout as if it were
 * none.
 *
 * @throws ActionError (a refusal) `record-newer`
 */
export function assertCanCarryOut(plan: PromotionPlan): void {
  const unknown = plan.kind === "repair" ? "repair" : (["rollout", "pointer"] as const).find((key) => plan[key]);
  if (unknown === undefined) return;
  throw refused({
    code: "record-newer",
    message: `the plan for ${plan.to} was made by a newer release: it has a ${unknown}, which this release cannot carry out`,
    fix: "Update promote-model in the workflow that reads it",
  });
}

const aborted = (plan: PromotionPlan): ActionError =>
  refused({
    code: "promotion-aborted",
    message: `this promotion to ${plan.to} was interrupted, and a later one has aborted it`,
    fix: "Start a new run",
  });

const baseMoved = (plan: PromotionPlan): ActionError =>
  refused({
    code: "base-moved",
    message: `the version deployed to ${plan.to} has changed since the plan was made`,
    fix: "Start a new run, so that the plan that is approved is the one that is carried out",
  });
