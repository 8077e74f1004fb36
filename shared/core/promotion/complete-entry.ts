/** What an entry is about: an intent says it, and what closes it only names it. */
import type { PromotionEntry } from "../../records/promotion-record.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import type { LedgerEntry, LedgerState } from "./ledger.ts";

/** @returns the entry with plan and approvals of its intent where it does not repeat them; `undefined`: nothing contains its plan */
export function completeEntry(
  { plans }: Pick<LedgerState, "plans">,
  read: ReadRecord<PromotionEntry>,
): LedgerEntry | undefined {
  const { record } = read;
  const { planDigest } = record;
  const before = plans.get(planDigest);
  const plan = ("plan" in record ? record.plan : undefined) ?? before?.plan;
  if (plan === undefined) return undefined;
  const approvals = ("approvals" in record ? record.approvals : undefined) ?? before?.approvals ?? [];
  const deployment = ("deployment" in record ? record.deployment : undefined) ?? before?.deployment;
  const intent = record.type === "intent" ? undefined : (before?.intent ?? before);
  return { ...read, planDigest, plan, approvals, ...(deployment && { deployment }), ...(intent && { intent }) };
}
