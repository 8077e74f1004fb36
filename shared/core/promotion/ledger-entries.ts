/** New entries for a ledger. An entry has the version of its plan, and one that closes an intent that of the intent. */
import type { Origin } from "../../records/fields.ts";
import { inVersion } from "../../records/in-version.ts";
import type { PromotionPlan, RepairPlan } from "../../records/promotion-plan.ts";
import {
  type Approval,
  type Checkpoint,
  type Part,
  PROMOTION_RECORD,
  type PromotionRecord,
  promotionRecord,
} from "../../records/promotion-record.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import type { AnnouncedDeployment, LedgerEntry, LedgerState } from "./ledger.ts";
import { tagNameOf } from "./next-promotion-step.ts";
import { describeState } from "./part-state.ts";

/** Which ledger is written, by which run, and when. */
export interface EntryContext {
  readonly ledger: LedgerState;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly origin: Origin;
}

export interface ApprovedPlan {
  readonly plan: ReadRecord<PromotionPlan>;
  readonly planDigest: string;
  readonly approvals: readonly Approval[];
  /** The one that was announced. */
  readonly deployment?: AnnouncedDeployment | undefined;
}

export interface ApprovedRepair {
  readonly plan: ReadRecord<RepairPlan>;
  readonly planDigest: string;
  readonly approvals: readonly Approval[];
}

export type NewEntry = ReadRecord<PromotionRecord>;

export const createIntentEntry = (
  { plan, planDigest, approvals, deployment }: ApprovedPlan,
  context: EntryContext,
): NewEntry =>
  inVersion(
    promotionRecord,
    {
      ...startOf(context),
      type: "intent",
      ...{ planDigest, plan: plan.record, approvals: [...approvals], tag: null },
      ...(deployment !== undefined && { deployment: { ...deployment } }),
      ...endOf(context),
    },
    plan.version,
  );

export const createCommitEntry = (intent: LedgerEntry, object: string, context: EntryContext): NewEntry =>
  inVersion(
    promotionRecord,
    {
      ...startOf(context),
      type: "committed",
      ...aboutIntent(intent),
      tag: { name: tagNameOf(intent), object },
      ...endOf(context),
    },
    intent.version,
  );

export const createAbortEntry = (intent: LedgerEntry, context: EntryContext): NewEntry =>
  inVersion(
    promotionRecord,
    { ...startOf(context), type: "aborted", ...aboutIntent(intent), tag: null, ...endOf(context) },
    intent.version,
  );

/** Only version 2 has them. */
export const createCheckpointEntry = (
  { plan, planDigest, approvals }: ApprovedRepair,
  context: EntryContext,
): ReadRecord<Checkpoint> => {
  const record: Checkpoint = {
    ...startOf(context),
    type: "checkpoint",
    ...{ planDigest, plan: plan.record, approvals: [...approvals] },
    ...endOf(context),
  };
  return { record, version: 2, written: record };
};

/** @param before the file that it is written to */
export const createPartEntry = (model: string, before: Part["before"], context: EntryContext): ReadRecord<Part> => {
  const { ledger } = context;
  if (ledger.digest === null) throw new Error("there is nothing that a part could state");
  const record: Part = {
    ...startOf(context),
    ...{ previous: ledger.digest, type: "part", model, before, state: describeState(ledger) },
    ...endOf(context),
  };
  return { record, version: 2, written: record };
};

const startOf = ({ ledger }: EntryContext) =>
  ({ schema: PROMOTION_RECORD, seq: ledger.seq + 1, previous: ledger.digest }) as const;

const endOf = ({ at, origin }: EntryContext) => ({ at, origin });

/** Version 1 repeats the plan and its approvals; version 2 names the plan. */
const aboutIntent = ({ version, planDigest, plan, approvals }: LedgerEntry) =>
  version === 1 ? { planDigest, plan, approvals: [...approvals] } : { planDigest };
