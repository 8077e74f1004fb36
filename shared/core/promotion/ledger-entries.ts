/** New entries for a ledger. */
import type { Origin } from "../../records/fields.ts";
import { PROMOTION_RECORD, type PromotionPlan, type PromotionRecord } from "../../records/promotion-record.ts";
import type { Approval } from "./count-approvals.ts";
import type { LedgerState } from "./ledger.ts";
import { tagNameOf } from "./next-promotion-step.ts";

/** Which ledger is written, by which run, and when. */
export interface EntryContext {
  readonly ledger: LedgerState;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly origin: Origin;
}

export const createIntentEntry = (
  { plan, planDigest, approvals }: { plan: PromotionPlan; planDigest: string; approvals: readonly Approval[] },
  context: EntryContext,
): PromotionRecord => createEntry({ type: "intent", planDigest, plan, approvals: [...approvals], tag: null }, context);

export const createCommitEntry = (intent: PromotionRecord, object: string, context: EntryContext): PromotionRecord =>
  createEntry({ ...pickIntentFields(intent), type: "committed", tag: { name: tagNameOf(intent), object } }, context);

export const createAbortEntry = (intent: PromotionRecord, context: EntryContext): PromotionRecord =>
  createEntry({ ...pickIntentFields(intent), type: "aborted", tag: null }, context);

type EntryBody = Pick<PromotionRecord, "type" | "planDigest" | "plan" | "approvals" | "tag">;

const pickIntentFields = ({ planDigest, plan, approvals }: PromotionRecord) => ({ planDigest, plan, approvals });

const createEntry = (body: EntryBody, { ledger, at, origin }: EntryContext): PromotionRecord => ({
  schema: PROMOTION_RECORD,
  seq: ledger.seq + 1,
  previous: ledger.digest,
  ...body,
  at,
  origin,
});
