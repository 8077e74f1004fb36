/** The ledger entries that record what happened to a plan. A line has the version of its plan. */
import { anyPlan, promotionPlan } from "./promotion-plan.ts";
import { PROMOTION_RECORD_1, type PromotionRecord1, promotionRecord1 } from "./promotion-record-1.ts";
import { type Approval2, PROMOTION_RECORD_2, type PromotionRecord2, promotionRecord2 } from "./promotion-record-2.ts";
import type { RecordFormat } from "./record-format.ts";

export type PromotionRecord = PromotionRecord2;
export type Approval = Approval2;
/** Restates an environment; every other entry is about a promotion or a roll back. */
export type Checkpoint = Extract<PromotionRecord, { readonly type: "checkpoint" }>;
/** States what all entries before it have led to. */
export type Part = Extract<PromotionRecord, { readonly type: "part" }>;
export type PromotionEntry = Exclude<PromotionRecord, Checkpoint | Part>;
export { PART_LIMITS } from "./promotion-record-2.ts";
export const PROMOTION_RECORD = PROMOTION_RECORD_2;

export const promotionRecord: RecordFormat<PromotionRecord1, PromotionRecord> = {
  kind: "promotion-record",
  writer: "promote-model",
  schemas: { 1: promotionRecord1, 2: promotionRecord2 },
  upgrade: (record) => ({ ...record, schema: PROMOTION_RECORD_2, plan: promotionPlan.upgrade(record.plan) }),
  /** A closing entry must have got plan and approvals of its intent: version 1 repeats them. */
  downgrade: (record) => ({
    ...record,
    schema: PROMOTION_RECORD_1,
    ...("plan" in record && record.plan !== undefined && { plan: anyPlan.downgrade(record.plan) }),
  }),
};
