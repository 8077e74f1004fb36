/** The state of a ledger after one more entry; or why the entry cannot follow. */
import { type ActionError, type Problem, refused } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import type { DigestFunction } from "../../records/digest.ts";
import type { Checkpoint, PromotionEntry, PromotionRecord } from "../../records/promotion-record.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import { environmentKey } from "../policy/environment-name.ts";
import { afterCheckpoint, describeRefused, findCheckpointError } from "./checkpoint.ts";
import { findEntryError, tagOf } from "./entry-rules.ts";
import { deployedAfter, type EnvironmentState, getEnvironment, type LedgerEntry, type LedgerState } from "./ledger.ts";

export type LinePlace = Required<Pick<NonNullable<Problem["place"]>, "file" | "line">>;

export type MutableLedgerState = { -readonly [key in keyof LedgerState]: LedgerState[key] } & {
  readonly environments: Map<string, EnvironmentState>;
  readonly plans: Map<string, LedgerEntry>;
  readonly checkpoints: Map<string, ReadRecord<Checkpoint>>;
};

export const copyLedgerState = (state: LedgerState): MutableLedgerState => ({
  ...state,
  environments: new Map(state.environments),
  plans: new Map(state.plans),
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
  if (isCheckpoint(read)) addCheckpoint(state, read, { ...line, planDigest }, digestOf);
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

const isPromotionEntry = (read: ReadRecord<PromotionRecord>): read is ReadRecord<PromotionEntry> => !isCheckpoint(read);

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

/** With plan and approvals of its intent where it does not repeat them. */
function completeEntry(state: LedgerState, read: ReadRecord<PromotionEntry>): LedgerEntry | undefined {
  const { record } = read;
  const { planDigest } = record;
  const intent = state.plans.get(planDigest);
  const plan = ("plan" in record ? record.plan : undefined) ?? intent?.plan;
  const approvals = ("approvals" in record ? record.approvals : undefined) ?? intent?.approvals ?? [];
  const deployment = ("deployment" in record ? record.deployment : undefined) ?? intent?.deployment;
  return plan === undefined ? undefined : { ...read, planDigest, plan, approvals, ...(deployment && { deployment }) };
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
