/** The plan that is approved: of a promotion, of a roll back, or of a repair of the ledger. */
import * as z from "zod";
import { cannotHold } from "./in-version.ts";
import { PROMOTION_PLAN_1, type PromotionPlan1, promotionPlan1 } from "./promotion-plan-1.ts";
import { PROMOTION_PLAN_2, type PromotionPlan2, promotionPlan2 } from "./promotion-plan-2.ts";
import type { ReadRecord, RecordFormat } from "./record-format.ts";
import { type RepairPlan2, repairPlan2 } from "./repair-plan-2.ts";

export type PromotionPlan = PromotionPlan2;
export type RepairPlan = RepairPlan2;
export type AnyPlan = PromotionPlan | RepairPlan;
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
  "rollout",
  "soak",
] as const satisfies readonly (keyof PromotionPlan)[];

/** Version 1 has no repairs. */
export const repairPlan: RecordFormat<PromotionPlan1, RepairPlan> = {
  kind: "promotion-plan",
  writer: "promote-model",
  schemas: { 1: z.never(), 2: repairPlan2 },
  upgrade: (plan) => {
    throw new Error(`a plan of version 1 repairs nothing: ${plan.kind}`);
  },
  downgrade: ({ kind }) => {
    throw cannotHold("promotion-plan", "kind", kind);
  },
};

/** What a plan's job hands over: one or the other. */
export const anyPlan: RecordFormat<PromotionPlan1, AnyPlan> = {
  kind: "promotion-plan",
  writer: "promote-model",
  schemas: { 1: promotionPlan1, 2: z.discriminatedUnion("kind", [promotionPlan2, repairPlan2]) },
  upgrade: promotionPlan.upgrade,
  downgrade: (plan) => (plan.kind === "repair" ? repairPlan.downgrade(plan) : promotionPlan.downgrade(plan)),
};

/** A plan that was read, by what it is for. */
export const isRepair = (plan: ReadRecord<AnyPlan>): plan is ReadRecord<RepairPlan> => plan.record.kind === "repair";
export const isPromotion = (plan: ReadRecord<AnyPlan>): plan is ReadRecord<PromotionPlan> => !isRepair(plan);
