/** Why a plan is not carried out, or not any further. */
import { type ActionError, refused } from "../../problem/problem.ts";
import type { PromotionPlan } from "../../records/promotion-plan.ts";

export const notBegun = (plan: PromotionPlan): ActionError =>
  refused({
    code: "promotion-not-begun",
    message: `the ledger has no intent of this plan for ${plan.to}: nothing says that it was approved and may be deployed`,
    fix: 'Begin with "mode: begin" in the same job, before the steps that deploy',
  });

export const aborted = (plan: PromotionPlan): ActionError =>
  refused({
    code: "promotion-aborted",
    message: `this promotion to ${plan.to} was aborted: its job failed, or a later promotion found it interrupted`,
    fix: "Start a new run",
  });

export const restated = (plan: PromotionPlan): ActionError =>
  refused({
    code: "promotion-superseded",
    message: `the ledger was repaired while this promotion to ${plan.to} was under way`,
    fix: "Start a new run",
  });

export const baseMoved = (plan: PromotionPlan): ActionError =>
  refused({
    code: "base-moved",
    message: `the version deployed to ${plan.to} has changed since the plan was made`,
    fix: "Start a new run, so that the plan that is approved is the one that is carried out",
  });
