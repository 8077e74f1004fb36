/** What a ledger will say once an intent that a dead run left behind has been finished or aborted. */
import type { DigestFunction } from "../../records/digest.ts";
import type { TagRef } from "../registry/registry.ts";
import { getEnvironment, type LedgerState } from "./ledger.ts";
import { createAbortEntry, createCommitEntry, type EntryContext } from "./ledger-entries.ts";
import { promotionInProgress, tagNameOf } from "./next-promotion-step.ts";
import { appendEntry } from "./verify-ledger.ts";

/**
 * A plan is made for the world as `nextStep` will leave it before the plan begins.
 *
 * @throws ActionError `promotion-under-way` while the intent's run may still write
 */
export function recoverOpenIntent(
  environment: string,
  tags: readonly TagRef[],
  ownerIsOver: boolean,
  writing: EntryContext,
  digestOf: DigestFunction,
): LedgerState {
  const { ledger } = writing;
  const { openIntent: open } = getEnvironment(ledger, environment);
  if (open === undefined) return ledger;
  if (!ownerIsOver) throw promotionInProgress(open);
  const standing = tags.find(({ name }) => name === tagNameOf(open));
  const end =
    standing === undefined ? createAbortEntry(open, writing) : createCommitEntry(open, standing.object, writing);
  return appendEntry(ledger, end, digestOf);
}
