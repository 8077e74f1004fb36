/** Reads a ledger from its first line to its last, and rejects every entry that does not follow from those before it. */
import { ActionError, refused } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import type { DigestFunction } from "../../records/digest.ts";
import { type PromotionRecord, promotionRecord } from "../../records/promotion-record.ts";
import { readRecordDocument } from "../../records/read-record.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import type { Document } from "../../text/document/document.ts";
import { readJson } from "../../text/json/read-json.ts";
import { addEntry, copyLedgerState, type LinePlace, ledgerBroken } from "./add-entry.ts";
import type { LedgerState } from "./ledger.ts";

export const EMPTY_LEDGER: LedgerState = {
  ...{ seq: 0, digest: null, environments: new Map(), plans: new Map(), begun: new Map() },
  ...{ part: undefined, checkpoints: new Map(), repaired: undefined },
};

/**
 * @param text one record on each line, in canonical JSON; records of both versions may follow each other
 * @param name of the ledger, for messages
 * @throws ActionError `ledger-broken`, naming the first line that is not valid; `record-newer` for a newer release's line
 */
export function verifyLedger(text: string, name: string, model: string, digestOf: DigestFunction): LedgerState {
  const { state, broken } = readLedger(text, name, model, digestOf);
  if (broken !== undefined) throw broken.error;
  return state;
}

export interface LedgerReading {
  /** After the last valid line. */
  readonly state: LedgerState;
  /** Why it cannot be read on, and the lines from there to the end, without a checkpoint that goes on from them. */
  readonly broken: { readonly error: ActionError; readonly lines: readonly string[] } | undefined;
}

/**
 * The same for who repairs it: what can be believed, and what cannot.
 *
 * @throws ActionError `record-newer`
 */
export function readLedger(text: string, name: string, model: string, digestOf: DigestFunction): LedgerReading {
  const lines = text.split("\n");
  const unfinished = lines.pop();
  if (unfinished) lines.push(unfinished);
  const state = copyLedgerState(EMPTY_LEDGER);
  /** The first line after the last valid one. */
  let refusedFrom: number | undefined;
  let firstError: ActionError | undefined;
  for (const [index, line] of lines.entries()) {
    // After a line that may not follow, only a checkpoint can: the others are not even read.
    if (refusedFrom !== undefined && !line.includes('"type":"checkpoint"')) continue;
    const at = { file: name, line: index + 1 };
    const refused = lines.slice(refusedFrom ?? index, index);
    const error = tryEntry(() => addEntry(state, parseEntry(line, at), { model, at, line, refused }, digestOf));
    if (error === undefined) [refusedFrom, firstError] = [undefined, undefined];
    else [refusedFrom, firstError] = [refusedFrom ?? index, firstError ?? error];
  }
  const incomplete = unfinished ? ledgerBroken({ file: name, line: lines.length }, "it is incomplete") : undefined;
  const error = firstError ?? incomplete;
  return { state, broken: error && { error, lines: lines.slice(refusedFrom ?? lines.length) } };
}

/** @returns why the entry is not valid */
function tryEntry(add: () => void): ActionError | undefined {
  try {
    add();
    return undefined;
  } catch (error) {
    if (error instanceof ActionError && error.problems[0]?.code === "ledger-broken") return error;
    throw error;
  }
}

/** The line of an entry: it is appended, and its digest is computed. */
export const serializeEntry = ({ written }: ReadRecord<PromotionRecord>): string => canonicalJson(written);

/**
 * The ledger after a new entry.
 *
 * @param refused lines that it leaves behind
 * @throws ActionError `ledger-broken` for one that may not follow: a bug of this suite
 */
export function appendEntry(
  before: LedgerState,
  entry: ReadRecord<PromotionRecord>,
  digestOf: DigestFunction,
  refused: readonly string[] = [],
): LedgerState {
  const state = copyLedgerState(before);
  const at = { file: "the ledger", line: entry.record.seq };
  addEntry(state, entry, { model: undefined, at, line: serializeEntry(entry), refused }, digestOf);
  return state;
}

function parseEntry(line: string, at: LinePlace): ReadRecord<PromotionRecord> {
  let entry: ReadRecord<PromotionRecord>;
  try {
    entry = readRecordDocument(promotionRecord, parseLine(line, at.file), { file: at.file, reader: "promote-model" });
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const [problem] = error.problems;
    // Nothing is broken: this release is too old for the line.
    if (problem?.code === "record-newer") throw refused({ ...problem, place: at });
    throw ledgerBroken(at, problem?.message ?? "it is not a record");
  }
  if (!isCanonical(entry, line)) throw ledgerBroken(at, "it is not in canonical JSON");
  return entry;
}

/** What has no canonical form, such as half a surrogate pair, is not in it. */
function isCanonical(entry: ReadRecord<PromotionRecord>, line: string): boolean {
  try {
    return serializeEntry(entry) === line;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** By the engine's own parser: that the line is canonical is checked below, and a ledger has thousands of them. */
function parseLine(line: string, file: string): Document {
  const slowly = (): Document => readJson(line, file, "record");
  try {
    const value: unknown = JSON.parse(line);
    return { kind: "record", file, value, placeOf: (path, part) => slowly().placeOf(path, part) };
  } catch {
    return slowly();
  }
}
