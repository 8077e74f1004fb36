/** When a new part of the ledger begins, and which lines the file then keeps. */
import type { DigestFunction } from "../../records/digest.ts";
import type { PromotionPlan } from "../../records/promotion-plan.ts";
import type { Part } from "../../records/promotion-record.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import { findPlanError } from "./find-plan-error.ts";
import type { LedgerFile, LedgerState } from "./ledger.ts";
import { createPartEntry, type EntryContext } from "./ledger-entries.ts";
import { appendEntry } from "./verify-ledger.ts";

/** So many entries are a part: some 16 promotions. */
export const PART_ENTRIES = 32;
/** A file of one part that is longer, as a release left it that knew no parts, is not read again by every promotion. */
const MAX_KEPT_BYTES = 512 * 1024;

export interface NewPart {
  readonly entry: ReadRecord<Part>;
  /** The ledger with it. */
  readonly ledger: LedgerState;
  /** Where in the present text the new file begins. */
  readonly keepFrom: number;
}

/**
 * The file keeps the part before the new one, so that every reader can compare what the new one states with the entries that led
 * to it. What is before that stays in the branch's history.
 *
 * @param next the plan whose intent will follow
 * @returns `undefined`: the newest part is not full, or the plan could not follow a part that states only the newest versions
 */
export function startPart(
  file: LedgerFile,
  { plan, version }: { readonly plan: PromotionPlan; readonly version: 1 | 2 },
  context: EntryContext,
  digestOf: DigestFunction,
  entries: number = PART_ENTRIES,
): NewPart | undefined {
  const { ledger } = context;
  const { head, text } = file;
  const since = ledger.seq - (ledger.part?.seq ?? 0);
  // A policy of version 1 is also that of releases that know no parts.
  if (version === 1 || head === undefined || since < entries) return undefined;
  const before = { blob: head, digest: digestOf(text) };
  const entry = createPartEntry(plan.model, before, context);
  const after = appendEntry(ledger, entry, digestOf);
  if (findPlanError(after, plan) !== undefined) return undefined;
  const start = findStart(text, ledger.part, digestOf);
  const isShort = since <= 2 * entries && text.length - start <= MAX_KEPT_BYTES;
  return { entry, ledger: after, keepFrom: isShort ? start : text.length };
}

/** Where the newest part begins. */
function findStart(text: string, part: LedgerState["part"], digestOf: DigestFunction): number {
  if (part === undefined) return 0;
  let start = 0;
  for (const line of text.split("\n")) {
    if (line.includes('"type":"part"') && digestOf(line) === part.digest) return start;
    start += line.length + 1;
  }
  throw new Error("the newest part is not in the text that it was read from");
}
