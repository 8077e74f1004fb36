/**
 * The one order of writes: intent, tag, deployment, commit. Whoever stops anywhere is continued from what the world shows,
 * by a re-run or by the next promotion; each step done twice is done once.
 */
import { type ActionFailure, refusal } from "../../action/problem.ts";
import type { PromotionPlan, PromotionRecord } from "../../records/promotion-record.ts";
import { assignmentTag } from "../registry/tag-name.ts";
import { environmentIn, isSameVersion, type LedgerState } from "./ledger.ts";

/** What the world shows to one who carries out a plan. */
export interface Seen {
  readonly ledger: LedgerState;
  /** Names of the model's tags. */
  readonly tags: ReadonlySet<string>;
  /** Objects of the assignment tags that we have made, or found as we would make them, by plan. */
  readonly made: ReadonlyMap<string, string>;
  /** Plans whose deployment we have recorded, or found. */
  readonly deployed: ReadonlySet<string>;
  /** For an open intent of another plan: whether its run can write no more. */
  readonly ownerIsOver: boolean;
}

export type Step =
  | { readonly do: "begin" }
  | { readonly do: "tag" | "deploy" | "abort"; readonly intent: PromotionRecord }
  | { readonly do: "commit"; readonly intent: PromotionRecord; readonly object: string }
  | { readonly do: "nothing" };

/** @throws ActionFailure (a refusal): `promotion-under-way`, `promotion-aborted`, `base-moved` */
export function nextStep(plan: PromotionPlan, planDigest: string, seen: Seen): Step {
  const { open, standing, lastAssignment } = environmentIn(seen.ledger, plan.to);
  if (open !== undefined && (open.planDigest === planDigest || seen.ownerIsOver)) {
    const left = open.planDigest !== planDigest && !seen.tags.has(tagOf(open));
    return left ? { do: "abort", intent: open } : finish(open, seen);
  }
  const ended = seen.ledger.plans.get(planDigest)?.type;
  if (ended === "committed") return { do: "nothing" };
  if (ended === "aborted") throw aborted(plan);
  if (open !== undefined) throw underWay(open);
  const top = standing.at(-1)?.version ?? null;
  if (!isSameVersion(plan.replaces, top) || plan.assignment <= lastAssignment) throw baseMoved(plan);
  return { do: "begin" };
}

function finish(intent: PromotionRecord, { made, deployed }: Seen): Step {
  const object = made.get(intent.planDigest);
  if (object === undefined) return { do: "tag", intent };
  return deployed.has(intent.planDigest) ? { do: "commit", intent, object } : { do: "deploy", intent };
}

export const tagOf = ({ plan }: Pick<PromotionRecord, "plan">): string =>
  assignmentTag(plan.model, plan.to, plan.assignment);

export const underWay = ({ plan, origin }: PromotionRecord): ActionFailure =>
  refusal({
    code: "promotion-under-way",
    message: `${plan.target.version} is on its way to ${plan.to}, by attempt ${origin.attempt} of run ${origin.run}`,
    fix: "Wait for that run; if it has died, try again two minutes later",
  });

const aborted = (plan: PromotionPlan): ActionFailure =>
  refusal({
    code: "promotion-aborted",
    message: `this promotion to ${plan.to} stopped halfway and another one took its place`,
    fix: "Start a new run",
  });

const baseMoved = (plan: PromotionPlan): ActionFailure =>
  refusal({
    code: "base-moved",
    message: `something else stands in ${plan.to} than when the plan was made`,
    fix: "Start a new run, so that what is carried out is what was approved",
  });
