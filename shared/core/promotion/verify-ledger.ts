/** Reads a ledger from its first line to its last, and rejects every entry that does not follow from those before it. */
import { ActionError, refused } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import { type DigestFunction, digestRecord } from "../../records/digest.ts";
import { type PromotionRecord, promotionRecord } from "../../records/promotion-record.ts";
import { readRecord } from "../../records/read-record.ts";
import { findEntryError } from "./entry-rules.ts";
import { deployedAfter, type EnvironmentState, getEnvironment, type LedgerState } from "./ledger.ts";

export const EMPTY_LEDGER: LedgerState = { seq: 0, digest: null, environments: new Map(), plans: new Map() };

/**
 * @param text one record on each line, in canonical JSON
 * @param name of the ledger, for messages
 * @throws ActionError `ledger-broken`, naming the first line that is not valid
 */
export function verifyLedger(text: string, name: string, model: string, digestOf: DigestFunction): LedgerState {
  if (text === "") return EMPTY_LEDGER;
  const lines = text.split("\n");
  if (lines.pop() !== "") throw ledgerBroken(name, lines.length + 1, "its last line is incomplete");
  const state = copyLedgerState(EMPTY_LEDGER);
  for (const [index, line] of lines.entries()) {
    const entry = parseEntry(line, name, index + 1);
    const error = findEntryError(state, entry, { model, planDigest: digestRecord(entry.plan, digestOf) });
    if (error !== undefined) throw ledgerBroken(name, index + 1, error);
    applyEntry(state, entry, digestOf(line));
  }
  return state;
}

/** The line of an entry: it is appended, and its digest is computed. */
export const serializeEntry = (entry: PromotionRecord): string => canonicalJson(entry);

/** The ledger after a new entry. @throws ActionError `ledger-broken` for one that may not follow: a bug of this suite */
export function appendEntry(before: LedgerState, entry: PromotionRecord, digestOf: DigestFunction): LedgerState {
  const planDigest = digestRecord(entry.plan, digestOf);
  const error = findEntryError(before, entry, { model: entry.plan.model, planDigest });
  if (error !== undefined) throw ledgerBroken("the ledger", entry.seq, error);
  const state = copyLedgerState(before);
  applyEntry(state, entry, digestOf(serializeEntry(entry)));
  return state;
}

function parseEntry(line: string, name: string, number: number): PromotionRecord {
  let entry: PromotionRecord;
  try {
    entry = readRecord(promotionRecord, line, name);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    throw ledgerBroken(name, number, error.problems[0]?.message ?? "it is not a record");
  }
  if (serializeEntry(entry) !== line) throw ledgerBroken(name, number, "it is not in canonical JSON");
  return entry;
}

interface MutableLedgerState extends LedgerState {
  seq: number;
  digest: string | null;
  readonly environments: Map<string, EnvironmentState>;
  readonly plans: Map<string, PromotionRecord>;
}

const copyLedgerState = (state: LedgerState): MutableLedgerState => ({
  ...state,
  environments: new Map(state.environments),
  plans: new Map(state.plans),
});

/** Applies a valid entry. Changes `state` itself, because a ledger has many entries. */
function applyEntry(state: MutableLedgerState, entry: PromotionRecord, digest: string): void {
  const { plan, planDigest, type, tag } = entry;
  const { deployedVersions, lastAssignment, tags } = getEnvironment(state, plan.to);
  state.environments.set(plan.to, {
    deployedVersions: type === "committed" ? deployedAfter(deployedVersions, plan, planDigest) : deployedVersions,
    openIntent: type === "intent" ? entry : undefined,
    lastAssignment: Math.max(lastAssignment, plan.assignment),
    tags: tag === null ? tags : [...tags, tag],
  });
  state.plans.set(planDigest, entry);
  state.seq = entry.seq;
  state.digest = digest;
}

const ledgerBroken = (name: string, line: number, error: string): ActionError =>
  refused({
    code: "ledger-broken",
    message: `this entry of the ledger is not valid: ${error}`,
    place: { file: name, line },
    fix: "Find out who changed the ledger, and restore its branch from a complete clone",
  });
