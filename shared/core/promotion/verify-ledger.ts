/** Reads a ledger from its first line to its last, and believes nothing that does not follow from what went before. */
import { ActionError, refused } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import { type DigestFunction, digestRecord } from "../../records/digest.ts";
import { type PromotionRecord, promotionRecord } from "../../records/promotion-record.ts";
import { readRecord } from "../../records/read-record.ts";
import { findEntryError } from "./entry-rules.ts";
import { deployedAfter, type EnvironmentState, getEnvironment, type LedgerState } from "./ledger.ts";

export const EMPTY_LEDGER: LedgerState = { seq: 0, digest: null, environments: new Map(), plans: new Map() };

/**
 * @param text one record a line, each in canonical JSON, as it was appended
 * @param name the ledger as people know it
 * @throws ActionError `ledger-broken`, naming the first line that does not hold
 */
export function verifyLedger(text: string, name: string, model: string, digestOf: DigestFunction): LedgerState {
  if (text === "") return EMPTY_LEDGER;
  const lines = text.split("\n");
  if (lines.pop() !== "") throw ledgerBroken(name, lines.length + 1, "its last line is cut off");
  const state = copyLedgerState(EMPTY_LEDGER);
  for (const [index, line] of lines.entries()) {
    const entry = parseEntry(line, name, index + 1);
    const fault = findEntryError(state, entry, { model, planDigest: digestRecord(entry.plan, digestOf) });
    if (fault !== undefined) throw ledgerBroken(name, index + 1, fault);
    applyEntry(state, entry, digestOf(line));
  }
  return state;
}

/** One line for one entry: what is appended and what is hashed. */
export const serializeEntry = (entry: PromotionRecord): string => canonicalJson(entry);

/** What the ledger says after an entry. @throws ActionError `ledger-broken` when the entry may not follow: a bug of ours */
export function appendEntry(before: LedgerState, entry: PromotionRecord, digestOf: DigestFunction): LedgerState {
  const planDigest = digestRecord(entry.plan, digestOf);
  const fault = findEntryError(before, entry, { model: entry.plan.model, planDigest });
  if (fault !== undefined) throw ledgerBroken("the ledger", entry.seq, fault);
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
    throw ledgerBroken(name, number, error.problems[0]?.message ?? "it is no record");
  }
  if (serializeEntry(entry) !== line) throw ledgerBroken(name, number, "it is not written as it was appended");
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

/** Adds an entry that follows the rules; in place, as a ledger has many. */
function applyEntry(state: MutableLedgerState, entry: PromotionRecord, digest: string): void {
  const { plan, planDigest, type, tag } = entry;
  const { deployedVersions: standing, lastAssignment, tags } = getEnvironment(state, plan.to);
  state.environments.set(plan.to, {
    deployedVersions: type === "committed" ? deployedAfter(standing, plan, planDigest) : standing,
    openIntent: type === "intent" ? entry : undefined,
    lastAssignment: Math.max(lastAssignment, plan.assignment),
    tags: tag === null ? tags : [...tags, tag],
  });
  state.plans.set(planDigest, entry);
  state.seq = entry.seq;
  state.digest = digest;
}

const ledgerBroken = (name: string, line: number, fault: string): ActionError =>
  refused({
    code: "ledger-broken",
    message: `this entry of the ledger does not hold: ${fault}`,
    place: { file: name, line },
    fix: "Find out who changed the ledger, and restore the branch from a clone that has it whole",
  });
