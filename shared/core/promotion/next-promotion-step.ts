/**
 * The order of writes. Begin: deployment, intent. Then the user deploys. Commit: tag, ledger, that the deployment before it is
 * inactive, and its success. A run that was interrupted anywhere is continued from the observed state, or by the next promotion;
 * repeating a step has no further effect. The deployment comes first because a token may lack its permission: then nothing is left.
 */
import { type ActionError, refused } from "../../problem/problem.ts";
import type { PromotionPlan } from "../../records/promotion-plan.ts";
import { assignmentTagName } from "../registry/tag-name.ts";
import { findPlanError, notRepaired } from "./find-plan-error.ts";
import { getEnvironment, isSameVersion, isUnsettled, type LedgerEntry, type LedgerState } from "./ledger.ts";
import { aborted, baseMoved, notBegun, restated } from "./step-refusals.ts";

/** How far to carry a plan: until it may be deployed, until it is committed, or until it is one or the other but not open. */
export type PromotionGoal = "begun" | "committed" | "ended";

/** The external state as a run that carries out a plan has read it. */
export interface ObservedState {
  readonly ledger: LedgerState;
  /** Names of the model's tags. */
  readonly tags: ReadonlySet<string>;
  /** Objects of the assignment tags that this run has created, or found identical, by plan. */
  readonly createdTags: ReadonlyMap<string, string>;
  /** What this run has recorded about deployments, or found recorded, by plan. */
  readonly deployments: ReadonlyMap<string, "in_progress" | DeploymentEnd>;
  /** For an open intent of another plan: whether its run has ended and can write nothing any more. */
  readonly ownerHasEnded: boolean;
}

/** What a deployment is about. */
export type PlannedChange = Pick<LedgerEntry, "plan" | "planDigest" | "deployment">;

/** `inactive`: something newer is deployed. */
export type DeploymentEnd = "success" | "failure" | "inactive";

export type PromotionStep =
  /** The deployment of this plan. */
  | { readonly do: "announce" }
  | { readonly do: "begin" }
  | { readonly do: "tag" | "abort"; readonly intent: LedgerEntry }
  | { readonly do: "commit"; readonly intent: LedgerEntry; readonly object: string }
  /** How the deployment of a plan has ended. */
  | { readonly do: "report"; readonly about: PlannedChange; readonly status: DeploymentEnd }
  | { readonly do: "nothing" };

/**
 * @throws ActionError (a refusal): `promotion-under-way`, `promotion-aborted`, `promotion-superseded`, `promotion-not-begun`,
 *   `base-moved`, `environment-not-repaired`, `environment-skipped`, `nothing-to-roll-back-to`, `record-newer`
 */
export function nextPromotionStep(
  plan: PromotionPlan,
  planDigest: string,
  goal: PromotionGoal,
  observed: ObservedState,
): PromotionStep {
  const { ledger, deployments } = observed;
  const { openIntent, deployedVersions, ended, lastAssignment, tags, tagsFrom } = getEnvironment(ledger, plan.to);
  assertSettled(ledger, plan.to);
  assertCanCarryOut(openIntent?.plan ?? plan);
  if (openIntent?.planDigest === planDigest) {
    if (goal === "begun") return { do: "nothing" };
    return goal === "committed" ? completeIntent(openIntent, observed) : endIntent(openIntent, observed);
  }
  if (openIntent !== undefined && observed.ownerHasEnded) return endIntent(openIntent, observed);

  const entry = ledger.plans.get(planDigest);
  const about = entry ?? { plan, planDigest };
  // Of one that ended long ago, a part keeps the digest alone.
  const type = entry?.record.type ?? ledger.begun.get(planDigest)?.type;
  if (type === "committed" || (type === undefined && plan.assignment < tagsFrom)) {
    if (goal === "ended" && !isStillCurrent(about, ledger)) return { do: "nothing" };
    assertStillCurrent(about, ledger);
    if (goal === "begun" || entry === undefined) return { do: "nothing" };
    return nextReport(entry, findReplaced(entry, ledger), deployments);
  }
  if (type === "aborted") {
    if (goal !== "ended") throw aborted(plan);
    return nextFailure(about, deployments);
  }
  if (type === "intent") {
    // A checkpoint has closed it: as deployed where its tag stands, else as not.
    if (goal !== "ended") throw restated(plan);
    return tags.some(({ name }) => name === tagNameOf(about)) ? { do: "nothing" } : nextFailure(about, deployments);
  }
  if (goal === "ended") return nextFailure({ plan, planDigest }, deployments);
  if (goal === "committed") throw notBegun(plan);

  if (openIntent !== undefined) throw promotionInProgress(openIntent);
  const current = deployedVersions.at(-1)?.version ?? null;
  if (!isSameVersion(plan.replaces, current) || plan.assignment <= lastAssignment) throw baseMoved(plan);
  // Another environment may have rolled back since the plan was approved.
  assertStillAllowed(plan, ledger);
  const before = ended.at(-1);
  if (before?.record.type === "aborted") {
    // Its run may have been killed before it could report. One that was committed becomes inactive in any case.
    const report = nextFailure(before, deployments);
    if (report.do !== "nothing") return report;
  }
  return deployments.has(planDigest) ? { do: "begin" } : { do: "announce" };
}

/** An assignment tag is the decision: with it an intent is completed, and without it aborted. */
function endIntent(intent: LedgerEntry, observed: ObservedState): PromotionStep {
  return observed.tags.has(tagNameOf(intent)) || observed.createdTags.has(intent.planDigest)
    ? completeIntent(intent, observed)
    : { do: "abort", intent };
}

function completeIntent(intent: LedgerEntry, { createdTags }: ObservedState): PromotionStep {
  const object = createdTags.get(intent.planDigest);
  return object === undefined ? { do: "tag", intent } : { do: "commit", intent, object };
}

const nextFailure = (about: PlannedChange, deployments: ObservedState["deployments"]): PromotionStep =>
  deployments.get(about.planDigest) === "failure" ? { do: "nothing" } : { do: "report", about, status: "failure" };

function nextReport(
  committed: LedgerEntry,
  replaced: LedgerEntry | undefined,
  deployments: ObservedState["deployments"],
): PromotionStep {
  // Before the success: GitHub would mark it inactive, too, except in production.
  if (replaced !== undefined && deployments.get(replaced.planDigest) !== "inactive")
    return { do: "report", about: replaced, status: "inactive" };
  if (deployments.get(committed.planDigest) === "success") return { do: "nothing" };
  return { do: "report", about: committed, status: "success" };
}

/** What an environment had before this plan was committed: its deployment is not active any more. */
const findReplaced = ({ plan, record: { seq } }: LedgerEntry, ledger: LedgerState): LedgerEntry | undefined =>
  getEnvironment(ledger, plan.to).ended.findLast(({ record }) => record.type === "committed" && record.seq < seq);

/**
 * A plan that was carried out once must not be carried out again over what has come after it: a re-run of an old job would deploy
 * a version that was replaced, or rolled back as harmful, without anybody's approval.
 *
 * @throws ActionError (a refusal) `promotion-superseded`
 */
function assertStillCurrent(entry: Pick<LedgerEntry, "plan">, ledger: LedgerState): void {
  if (isStillCurrent(entry, ledger)) return;
  const { plan } = entry;
  const current = getEnvironment(ledger, plan.to).deployedVersions.at(-1)?.version.version;
  throw refused({
    code: "promotion-superseded",
    message: `this plan for ${plan.target.version} was carried out before, and ${plan.to} has changed since then: it has ${current ?? "nothing"}`,
    fix: "Start a new run for the version that is to be deployed",
  });
}

const isStillCurrent = (entry: Pick<LedgerEntry, "plan">, ledger: LedgerState): boolean =>
  getEnvironment(ledger, entry.plan.to).tags.at(-1)?.name === tagNameOf(entry);

/**
 * Whether a plan was begun at some time, or is older than what the ledger still lists: then it is not checked like a new one.
 */
export const wasBegun = (ledger: LedgerState, plan: PromotionPlan, planDigest: string): boolean =>
  ledger.plans.has(planDigest) ||
  ledger.begun.has(planDigest) ||
  plan.assignment < getEnvironment(ledger, plan.to).tagsFrom;

/** @throws ActionError (a refusal) `environment-skipped`, `nothing-to-roll-back-to` */
function assertStillAllowed(plan: PromotionPlan, ledger: LedgerState): void {
  const error = findPlanError(ledger, plan);
  if (error === undefined) return;
  if (error.code === "environment-not-repaired") throw unsettled(plan.to);
  throw refused({
    code: error.code,
    message: `the plan for ${plan.to} cannot be carried out any more: ${error.what}`,
    fix: "Find out what has changed since the plan was made, and start a new run",
  });
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
  const unknown = (["rollout", "pointer"] as const).find((key) => plan[key]);
  if (unknown === undefined) return;
  throw refused({
    code: "record-newer",
    message: `the plan for ${plan.to} was made by a newer release: it has a ${unknown}, which this release cannot carry out`,
    fix: "Update promote-model in the workflow that reads it",
  });
}

/**
 * Whether what the ledger says about an environment can be believed.
 *
 * @throws ActionError (a refusal) `environment-not-repaired`
 */
export function assertSettled(ledger: LedgerState, environment: string): void {
  if (isUnsettled(ledger, environment)) throw unsettled(environment);
}

const unsettled = (environment: string): ActionError =>
  refused({
    code: "environment-not-repaired",
    message: notRepaired(environment),
    fix: `Plan with "kind: repair" for ${environment}: its approvers say from which state it goes on`,
  });
