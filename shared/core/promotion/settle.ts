/** What a ledger will say once an intent that a dead run left behind has been finished or aborted. */
import type { DigestOf } from "../../records/digest.ts";
import type { TagRef } from "../registry/registry.ts";
import { abortOf, commitOf, type Writing } from "./entries.ts";
import { environmentIn, type LedgerState } from "./ledger.ts";
import { tagOf, underWay } from "./next-step.ts";
import { appendEntry } from "./verify-ledger.ts";

/**
 * A plan is made for the world as `nextStep` will leave it before the plan begins.
 *
 * @throws ActionFailure `promotion-under-way` while the intent's run may still write
 */
export function settle(
  environment: string,
  tags: readonly TagRef[],
  ownerIsOver: boolean,
  writing: Writing,
  digestOf: DigestOf,
): LedgerState {
  const { ledger } = writing;
  const { open } = environmentIn(ledger, environment);
  if (open === undefined) return ledger;
  if (!ownerIsOver) throw underWay(open);
  const standing = tags.find(({ name }) => name === tagOf(open));
  const end = standing === undefined ? abortOf(open, writing) : commitOf(open, standing.object, writing);
  return appendEntry(ledger, end, digestOf);
}
