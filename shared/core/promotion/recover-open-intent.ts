/** The ledger as it will be once the open intent of an interrupted run has been completed or aborted. */
import type { DigestFunction } from "../../records/digest.ts";
import type { TagRef } from "../registry/registry.ts";
import { getEnvironment, type LedgerState } from "./ledger.ts";
import { createAbortEntry, createCommitEntry, type EntryContext } from "./ledger-entries.ts";
import { assertCanCarryOut, promotionInProgress, tagNameOf } from "./next-promotion-step.ts";
import { appendEntry } from "./verify-ledger.ts";

/**
 * A plan is made for the state that `nextPromotionStep` will reach before it starts that plan.
 *
 * @throws ActionError `record-newer`; `promotion-under-way` while the intent's run may still write
 */
export function recoverOpenIntent(
  environment: string,
  tags: readonly TagRef[],
  ownerHasEnded: boolean,
  context: EntryContext,
  digestOf: DigestFunction,
): LedgerState {
  const { ledger } = context;
  const { openIntent } = getEnvironment(ledger, environment);
  if (openIntent === undefined) return ledger;
  assertCanCarryOut(openIntent.plan);
  if (!ownerHasEnded) throw promotionInProgress(openIntent);
  const tag = tags.find(({ name }) => name === tagNameOf(openIntent));
  const entry =
    tag === undefined ? createAbortEntry(openIntent, context) : createCommitEntry(openIntent, tag.object, context);
  return appendEntry(ledger, entry, digestOf);
}
