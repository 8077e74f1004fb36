/**
 * The one order of writes: intent, tag, deployment, commit. Whoever stops anywhere is continued from what the world shows,
 * by a re-run or by the next promotion; each step done twice is done once.
 */
import { type ActionError, refused } from "../../problem/problem.ts";
import type { PromotionPlan, PromotionRecord } from "../../records/promotion-record.ts";
import { assignmentTagName } from "../registry/tag-name.ts";
import { getEnvironment, isSameVersion, type LedgerState } from "./ledger.ts";

/** What the world shows to one who carries out a plan. */
export interface ObservedState {
  readonly ledger: LedgerState;
  /** Names of the model's tags. */
  readonly tags: ReadonlySet<string>;
  /** Objects of the assignment tags that we have made, or found as we would make them, by plan. */
  readonly createdTags: ReadonlyMap<string, string>;
  /** Plans whose deployment we have recorded, or found. */
  readonly deployed: ReadonlySet<string>;
  /** For an open intent of another plan: whether its run can write no more. */
  readonly ownerHasEnded: boolean;
}

export type PromotionStep =
  | { readonly do: "begin" }
  | { readonly do: "tag" | "deploy" | "abort"; readonly intent: PromotionRecord }
  | { readonly do: "commit"; readonly intent: PromotionRecord; readonly object: string }
  | { readonly do: "nothing" };

/** @throws ActionError (a refusal): `promotion-under-way`, `promotion-aborted`, `base-moved` */
export function nextPromotionStep(plan: PromotionPlan, planDigest: string, seen: ObservedState): PromotionStep {
  const { openIntent: open, deployedVersions: standing, lastAssignment } = getEnvironment(seen.ledger, plan.to);
  if (open !== undefined && (open.planDigest === planDigest || seen.ownerHasEnded)) {
    const left = open.planDigest !== planDigest && !seen.tags.has(tagNameOf(open));
    return left ? { do: "abort", intent: open } : continueIntent(open, seen);
  }
  const ended = seen.ledger.plans.get(planDigest)?.type;
  if (ended === "committed") return { do: "nothing" };
  if (ended === "aborted") throw aborted(plan);
  if (open !== undefined) throw promotionInProgress(open);
  const top = standing.at(-1)?.version ?? null;
  if (!isSameVersion(plan.replaces, top) || plan.assignment <= lastAssignment) throw baseMoved(plan);
  return { do: "begin" };
}

function continueIntent(intent: PromotionRecord, { createdTags: made, deployed }: ObservedState): PromotionStep {
  const object = made.get(intent.planDigest);
  if (object === undefined) return { do: "tag", intent };
  return deployed.has(intent.planDigest) ? { do: "commit", intent, object } : { do: "deploy", intent };
}

export const tagNameOf = ({ plan }: Pick<PromotionRecord, "plan">): string =>
  assignmentTagName(plan.model, plan.to, plan.assignment);

export const promotionInProgress = ({ plan, origin }: PromotionRecord): ActionError =>
  refused({
    code: "promotion-under-way",
    message: `${plan.target.version} is on its way to ${plan.to}, by attempt ${origin.attempt} of run ${origin.run}`,
    fix: "Wait for that run; if it has died, try again two minutes later",
  });

const aborted = (plan: PromotionPlan): ActionError =>
  refused({
    code: "promotion-aborted",
    message: `this promotion to ${plan.to} stopped halfway and another one took its place`,
    fix: "Start a new run",
  });

const baseMoved = (plan: PromotionPlan): ActionError =>
  refused({
    code: "base-moved",
    message: `something else stands in ${plan.to} than when the plan was made`,
    fix: "Start a new run, so that what is carried out is what was approved",
  });
