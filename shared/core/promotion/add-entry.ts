/** The state of a ledger after one more entry; or why the entry cannot follow. */
import { type ActionError, type Problem, refused } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import type { DigestFunction } from "../../records/digest.ts";
import type { Checkpoint, Part, PromotionEntry, PromotionRecord } from "../../records/promotion-record.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import { environmentKey } from "../policy/environment-name.ts";
import { afterCheckpoint, describeRefused, findCheckpointError } from "./checkpoint.ts";
import { completeEntry } from "./complete-entry.ts";
import { findEntryError, findLinkError, tagOf } from "./entry-rules.ts";
import {
  type BegunPlan,
  deployedAfter,
  type EnvironmentState,
  getEnvironment,
  type LedgerEntry,
  type LedgerState,
} from "./ledger.ts";
import { describeState, forgetOlder, keepNewest, readState, type StatedLedger } from "./part-state.ts";

export type LinePlace = Required<Pick<NonNullable<Problem["place"]>, "file" | "line">>;

export type MutableLedgerState = { -readonly [key in keyof LedgerState]: LedgerState[key] } & {
  readonly environments: Map<string, EnvironmentState>;
  readonly plans: Map<string, LedgerEntry>;
  readonly begun: Map<string, BegunPlan>;
  readonly checkpoints: Map<string, ReadRecord<Checkpoint>>;
};

export const copyLedgerState = (state: LedgerState): MutableLedgerState => ({
  ...state,
  environments: new Map(state.environments),
  plans: new Map(state.plans),
  begun: new Map(state.begun),
  checkpoints: new Map(state.checkpoints),
});

export interface EntryLine {
  /** `undefined`: that of its plan. */
  readonly model: string | undefined;
  readonly at: LinePlace;
  readonly line: string;
  /** The lines between the last valid one and this one. */
  readonly refused: readonly string[];
}

/** Changes `state` itself, because a ledger has many entries; but not when the entry is not valid. */
export function addEntry(
  state: MutableLedgerState,
  read: ReadRecord<PromotionRecord>,
  line: EntryLine,
  digestOf: DigestFunction,
): void {
  const { plan } = read.written as { readonly plan?: unknown };
  const planDigest = plan === undefined ? undefined : digestOf(canonicalJson(plan));
  if (isPart(read)) addPart(state, read, line, digestOf);
  else if (isCheckpoint(read)) addCheckpoint(state, read, { ...line, planDigest }, digestOf);
  else if (isPromotionEntry(read)) addPromotionEntry(state, read, { ...line, planDigest }, digestOf);
}

interface EntryOnLine extends EntryLine {
  /** Of the plan that it contains. */
  readonly planDigest: string | undefined;
}

function addPromotionEntry(
  state: MutableLedgerState,
  read: ReadRecord<PromotionEntry>,
  { planDigest, ...line }: EntryOnLine,
  digestOf: DigestFunction,
): void {
  const entry = completeEntry(state, read);
  if (entry === undefined) throw ledgerBroken(line.at, "no entry before it contains its plan");
  const expected = { model: line.model ?? entry.plan.model, planDigest };
  const error =
    line.refused.length > 0 ? "it follows lines that are not valid" : findEntryError(state, entry, expected);
  if (error !== undefined) throw ledgerBroken(line.at, error);
  applyEntry(state, entry, digestOf(line.line));
}

const isCheckpoint = (read: ReadRecord<PromotionRecord>): read is ReadRecord<Checkpoint> =>
  read.record.type === "checkpoint";

const isPart = (read: ReadRecord<PromotionRecord>): read is ReadRecord<Part> => read.record.type === "part";

const isPromotionEntry = (read: ReadRecord<PromotionRecord>): read is ReadRecord<PromotionEntry> =>
  !isCheckpoint(read) && !isPart(read);

/** The first line of a file is believed; any other must state what the entries before it have led to. */
function addPart(
  state: MutableLedgerState,
  { record }: ReadRecord<Part>,
  { model = record.model, at, line, refused }: EntryLine,
  digestOf: DigestFunction,
): void {
  if (refused.length > 0) throw ledgerBroken(at, "it follows lines that are not valid");
  const isFirst = state.seq === 0;
  const stated = isFirst ? readFirstState(record, model, digestOf) : findNextState(state, record, model, line);
  if (typeof stated === "string") throw ledgerBroken(at, stated);
  replaceAll(state.environments, stated.environments);
  replaceAll(state.begun, stated.begun);
  // Who has read what is before it knows more.
  if (isFirst) replaceAll(state.plans, stated.plans);
  state.repaired = stated.repaired;
  state.seq = record.seq;
  state.digest = digestOf(line);
  state.part = { seq: state.seq, digest: state.digest };
}

const readFirstState = (part: Part, model: string, digestOf: DigestFunction): StatedLedger | string =>
  part.model === model ? readState(part, digestOf) : `it is about another model, ${part.model}`;

function findNextState(before: LedgerState, part: Part, model: string, line: string): StatedLedger | string {
  const linked = { record: { ...part, planDigest: "" }, plan: part };
  const broken = findLinkError(before, linked, { model, planDigest: undefined });
  if (broken !== undefined) return broken;
  const expected = describeState(before);
  // The line is canonical, and these keys are its last: there are many parts to compare.
  return line.endsWith(`,"state":${canonicalJson(expected)},"type":"part"}`)
    ? forgetOlder(before, expected)
    : "what it states is not what the entries before it have led to";
}

function replaceAll<Key, Value>(map: Map<Key, Value>, by: ReadonlyMap<Key, Value>): void {
  map.clear();
  for (const [key, value] of by) map.set(key, value);
}

function addCheckpoint(
  state: MutableLedgerState,
  read: ReadRecord<Checkpoint>,
  { model, at, line, refused, planDigest }: EntryOnLine,
  digestOf: DigestFunction,
): void {
  const { record } = read;
  const lines = describeRefused(state, refused, digestOf);
  const error = findCheckpointError(state, read, lines, { model: model ?? record.plan.model, planDigest });
  if (error !== undefined) throw ledgerBroken(at, error);
  const { environment, repaired } = afterCheckpoint(state, record, lines);
  state.environments.set(environmentKey(record.plan.to), environment);
  state.checkpoints.set(record.planDigest, read);
  state.repaired = repaired;
  state.seq = record.seq;
  state.digest = digestOf(line);
}

function applyEntry(state: MutableLedgerState, entry: LedgerEntry, digest: string): void {
  const { plan, planDigest, record } = entry;
  state.seq = record.seq;
  state.digest = digest;
  // A rollout goes on: its intent stays open.
  if (record.type === "step") return;
  const environment = getEnvironment(state, plan.to);
  const { deployedVersions, lastAssignment, tags } = environment;
  const tag = tagOf(entry);
  state.environments.set(environmentKey(plan.to), {
    ...environment,
    deployedVersions:
      record.type === "committed" ? deployedAfter(deployedVersions, plan, planDigest) : deployedVersions,
    ended: record.type === "intent" ? environment.ended : keepNewest([...environment.ended, entry]),
    openIntent: record.type === "intent" ? entry : undefined,
    lastAssignment: Math.max(lastAssignment, plan.assignment),
    tags: tag === null ? tags : [...tags, tag],
  });
  state.plans.set(planDigest, entry);
  state.begun.set(planDigest, { planDigest, seq: record.seq, type: record.type });
}

/** Nothing is lost in a branch that only moves forward: what was changed can be restored by one more commit. */
export const REPAIR_FIX =
  'Find out who changed the ledger. Restore its file with one more commit; or plan with "kind: repair" to go on from a state that people approve';

export const ledgerBroken = (place: LinePlace, error: string): ActionError =>
  refused({
    code: "ledger-broken",
    message: `this entry of the ledger is not valid: ${error}`,
    place,
    fix: REPAIR_FIX,
  });
