/** Ledgers in parts, for tests. */
import { digestOf } from "../../records/testing.ts";
import { getEnvironment, type LedgerFile, type LedgerState } from "./ledger.ts";
import {
  type ApprovedPlan,
  createAbortEntry,
  createCommitEntry,
  createIntentEntry,
  type NewEntry,
} from "./ledger-entries.ts";
import { startPart } from "./start-part.ts";
import { approve, CREATED_AT, createOrigin, createPlan } from "./testing.ts";
import { appendEntry, EMPTY_LEDGER, serializeEntry } from "./verify-ledger.ts";

/** In place of git's names. */
export const headOf = (text: string): string => digestOf(text).slice(-40);

/** A ledger in parts, as its branch has it. */
export interface PartedLedger {
  readonly ledger: LedgerState;
  readonly file: LedgerFile & { readonly head: string };
  /** Each file that a part has replaced, by its name. */
  readonly older: ReadonlyMap<string, string>;
  /** Every line that was ever written. */
  readonly lines: readonly string[];
}

export const NO_PARTS: PartedLedger = {
  ...{ ledger: EMPTY_LEDGER, older: new Map(), lines: [] },
  file: { head: headOf(""), text: "" },
};

/** @param entries of a part */
export function beginIn(parted: PartedLedger, approved: ApprovedPlan, entries: number): PartedLedger {
  const { ledger, file, older } = parted;
  const context = { ledger, at: CREATED_AT, origin: createOrigin() };
  const { record: plan, version } = approved.plan;
  const part = startPart(file, { plan, version }, context, digestOf, entries);
  if (part === undefined) return writeTo(parted, createIntentEntry(approved, context));
  const before = { ...parted, file: { ...file, text: file.text.slice(part.keepFrom) } };
  const withPart = writeTo({ ...before, older: new Map(older).set(file.head, file.text) }, part.entry);
  return writeTo(withPart, createIntentEntry(approved, { ...context, ledger: part.ledger }));
}

function writeTo({ ledger, file, older, lines }: PartedLedger, entry: NewEntry): PartedLedger {
  const line = serializeEntry(entry);
  const text = `${file.text}${line}\n`;
  return {
    ...{ ledger: appendEntry(ledger, entry, digestOf), older, lines: [...lines, line] },
    file: { head: headOf(text), text },
  };
}

/** Ends what is open in an environment. */
export function endIn(parted: PartedLedger, environment: string, how: "commit" | "abort"): PartedLedger {
  const { openIntent } = getEnvironment(parted.ledger, environment);
  if (openIntent === undefined) throw new Error("there is no open intent");
  const context = { ledger: parted.ledger, at: CREATED_AT, origin: createOrigin() };
  const entry =
    how === "commit" ? createCommitEntry(openIntent, "c".repeat(40), context) : createAbortEntry(openIntent, context);
  return writeTo(parted, entry);
}

/** As its branch's history has them. */
export const readerOf =
  ({ older }: Pick<PartedLedger, "older">) =>
  async ({ blob, digest }: { blob: string; digest: string }) => {
    const text = older.get(blob);
    return text !== undefined && digestOf(text) === digest ? text : undefined;
  };

/** Versions that were promoted one after the other, each to an environment. */
export function promoteAll(
  count: number,
  entries = 6,
  start: PartedLedger = NO_PARTS,
  environment = "staging",
): PartedLedger {
  let parted = start;
  for (let number = 1; number <= count; number++) {
    const plan = createPlan(parted.ledger, `v1.${parted.lines.length}.0`, environment);
    parted = endIn(beginIn(parted, approve(plan), entries), environment, "commit");
  }
  return parted;
}
