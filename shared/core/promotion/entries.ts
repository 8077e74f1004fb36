/** New entries for a ledger. */
import type { Origin } from "../../records/parts.ts";
import { PROMOTION_RECORD, type PromotionPlan, type PromotionRecord } from "../../records/promotion-record.ts";
import type { Approval } from "./approvals.ts";
import type { LedgerState } from "./ledger.ts";
import { tagOf } from "./next-step.ts";

/** Who writes, and when. */
export interface Writing {
  readonly ledger: LedgerState;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly origin: Origin;
}

export const intentFor = (
  { plan, planDigest, approvals }: { plan: PromotionPlan; planDigest: string; approvals: readonly Approval[] },
  writing: Writing,
): PromotionRecord => entry({ type: "intent", planDigest, plan, approvals: [...approvals], tag: null }, writing);

export const commitOf = (intent: PromotionRecord, object: string, writing: Writing): PromotionRecord =>
  entry({ ...endOf(intent), type: "committed", tag: { name: tagOf(intent), object } }, writing);

export const abortOf = (intent: PromotionRecord, writing: Writing): PromotionRecord =>
  entry({ ...endOf(intent), type: "aborted", tag: null }, writing);

type Said = Pick<PromotionRecord, "type" | "planDigest" | "plan" | "approvals" | "tag">;

const endOf = ({ planDigest, plan, approvals }: PromotionRecord) => ({ planDigest, plan, approvals });

const entry = (said: Said, { ledger, at, origin }: Writing): PromotionRecord => ({
  schema: PROMOTION_RECORD,
  seq: ledger.seq + 1,
  previous: ledger.digest,
  ...said,
  at,
  origin,
});
