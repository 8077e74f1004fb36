/** Reads a ledger from its first line to its last, and rejects every entry that does not follow from those before it. */
import { ActionError, type Problem, refused } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import type { DigestFunction } from "../../records/digest.ts";
import { type PromotionRecord, promotionRecord } from "../../records/promotion-record.ts";
import { readRecordDocument } from "../../records/read-record.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import type { Document } from "../../text/document/document.ts";
import { readJson } from "../../text/json/read-json.ts";
import { environmentKey } from "../policy/environment-name.ts";
import { findEntryError, tagOf } from "./entry-rules.ts";
import { deployedAfter, type EnvironmentState, getEnvironment, type LedgerEntry, type LedgerState } from "./ledger.ts";

export const EMPTY_LEDGER: LedgerState = { seq: 0, digest: null, environments: new Map(), plans: new Map() };

/**
 * @param text one record on each line, in canonical JSON; records of both versions may follow each other
 * @param name of the ledger, for messages
 * @throws ActionError `ledger-broken`, naming the first line that is not valid; `record-newer` for a newer release's line
 */
export function verifyLedger(text: string, name: string, model: string, digestOf: DigestFunction): LedgerState {
  if (text === "") return EMPTY_LEDGER;
  const lines = text.split("\n");
  if (lines.pop() !== "") throw ledgerBroken({ file: name, line: lines.length + 1 }, "its last line is incomplete");
  const state = copyLedgerState(EMPTY_LEDGER);
  for (const [index, line] of lines.entries()) {
    const at = { file: name, line: index + 1 };
    addEntry(state, parseEntry(line, at), { model, at, line }, digestOf);
  }
  return state;
}

/** The line of an entry: it is appended, and its digest is computed. */
export const serializeEntry = ({ written }: ReadRecord<PromotionRecord>): string => canonicalJson(written);

/** The ledger after a new entry. @throws ActionError `ledger-broken` for one that may not follow: a bug of this suite */
export function appendEntry(
  before: LedgerState,
  entry: ReadRecord<PromotionRecord>,
  digestOf: DigestFunction,
): LedgerState {
  const state = copyLedgerState(before);
  const at = { file: "the ledger", line: entry.record.seq };
  addEntry(state, entry, { model: undefined, at, line: serializeEntry(entry) }, digestOf);
  return state;
}

type LinePlace = Required<Pick<NonNullable<Problem["place"]>, "file" | "line">>;

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

interface MutableLedgerState extends LedgerState {
  seq: number;
  digest: string | null;
  readonly environments: Map<string, EnvironmentState>;
  readonly plans: Map<string, LedgerEntry>;
}

const copyLedgerState = (state: LedgerState): MutableLedgerState => ({
  ...state,
  environments: new Map(state.environments),
  plans: new Map(state.plans),
});

interface EntryLine {
  /** `undefined`: that of its plan. */
  readonly model: string | undefined;
  readonly at: LinePlace;
  readonly line: string;
}

/** Changes `state` itself, because a ledger has many entries. */
function addEntry(
  state: MutableLedgerState,
  read: ReadRecord<PromotionRecord>,
  { model, at, line }: EntryLine,
  digestOf: DigestFunction,
): void {
  if (read.record.type === "checkpoint") throw checkpointNotRead(at);
  const entry = completeEntry(state, read);
  if (entry === undefined) throw ledgerBroken(at, "no entry before it contains its plan");
  const { plan } = read.written as { readonly plan?: unknown };
  const planDigest = plan === undefined ? undefined : digestOf(canonicalJson(plan));
  const error = findEntryError(state, entry, { model: model ?? entry.plan.model, planDigest });
  if (error !== undefined) throw ledgerBroken(at, error);
  applyEntry(state, entry, digestOf(line));
}

/** With plan and approvals of its intent where it does not repeat them. */
function completeEntry(state: LedgerState, read: ReadRecord<PromotionRecord>): LedgerEntry | undefined {
  const { record } = read;
  const { planDigest } = record;
  const intent = state.plans.get(planDigest);
  const plan = ("plan" in record ? record.plan : undefined) ?? intent?.plan;
  const approvals = ("approvals" in record ? record.approvals : undefined) ?? intent?.approvals ?? [];
  return plan === undefined ? undefined : { ...read, planDigest, plan, approvals };
}

function applyEntry(state: MutableLedgerState, entry: LedgerEntry, digest: string): void {
  const { plan, planDigest, record } = entry;
  state.seq = record.seq;
  state.digest = digest;
  // A rollout goes on: its intent stays open.
  if (record.type === "step") return;
  const { deployedVersions, lastAssignment, tags } = getEnvironment(state, plan.to);
  const tag = tagOf(entry);
  state.environments.set(environmentKey(plan.to), {
    deployedVersions:
      record.type === "committed" ? deployedAfter(deployedVersions, plan, planDigest) : deployedVersions,
    openIntent: record.type === "intent" ? entry : undefined,
    lastAssignment: Math.max(lastAssignment, plan.assignment),
    tags: tag === null ? tags : [...tags, tag],
  });
  state.plans.set(planDigest, entry);
}

const ledgerBroken = (place: LinePlace, error: string): ActionError =>
  refused({
    code: "ledger-broken",
    message: `this entry of the ledger is not valid: ${error}`,
    place,
    fix: "Find out who changed the ledger, and restore its branch from a complete clone",
  });

/** It states the environments anew, which this release would not see. */
const checkpointNotRead = (place: LinePlace): ActionError =>
  refused({
    code: "record-newer",
    message: "this entry of the ledger is a checkpoint, which was written by a newer release",
    place,
    fix: "Update promote-model in the workflow that reads it",
  });
