/** The plan that is approved. */
import { cannotHold } from "./in-version.ts";
import { PROMOTION_PLAN_1, type PromotionPlan1, promotionPlan1 } from "./promotion-plan-1.ts";
import { PROMOTION_PLAN_2, type PromotionPlan2, promotionPlan2 } from "./promotion-plan-2.ts";
import type { RecordFormat } from "./record-format.ts";

export type PromotionPlan = PromotionPlan2;
export type ModelVersionRef = PromotionPlan["target"];
export const PROMOTION_PLAN = PROMOTION_PLAN_2;

export const promotionPlan: RecordFormat<PromotionPlan1, PromotionPlan> = {
  kind: "promotion-plan",
  writer: "promote-model",
  schemas: { 1: promotionPlan1, 2: promotionPlan2 },
  upgrade({ schema: _, kind, model, target, from, ...plan }) {
    return { schema: PROMOTION_PLAN_2, kind, model, target, needs: from === null ? [] : [from], ...plan };
  },
  downgrade(record) {
    const held = MUST_BE_HELD.find((key) => record[key] !== undefined && record[key] !== "environment");
    if (held !== undefined) throw cannotHold("promotion-plan", held, record[held]);
    const { schema: _, kind, model, target, needs, ...plan } = record;
    const [from = null, ...more] = needs;
    if (more.length > 0) throw cannotHold("promotion-plan", "needs", needs);
    return { schema: PROMOTION_PLAN_1, kind, model, target, from, ...plan };
  },
};

/** Without them, something else would be approved or done. */
const MUST_BE_HELD = [
  "approvalBy",
  "approvalEnvironments",
  "excluded",
  "pointer",
  "repair",
  "rollout",
  "soak",
] as const satisfies readonly (keyof PromotionPlan)[];
