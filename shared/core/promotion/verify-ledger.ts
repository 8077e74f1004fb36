/** Reads a ledger from its first line to its last, and believes nothing that does not follow from what went before. */
import { ActionFailure, refusal } from "../../action/problem.ts";
import { canonicalJson } from "../../records/canonical.ts";
import { type DigestOf, digestOfRecord } from "../../records/digest.ts";
import { type PromotionRecord, promotionRecord } from "../../records/promotion-record.ts";
import { readRecord } from "../../records/read-record.ts";
import { faultOf } from "./entry-rules.ts";
import { type EnvironmentState, environmentIn, type LedgerState, standAfter } from "./ledger.ts";

export const EMPTY_LEDGER: LedgerState = { seq: 0, digest: null, environments: new Map(), plans: new Map() };

/**
 * @param text one record a line, each in canonical JSON, as it was appended
 * @param name the ledger as people know it
 * @throws ActionFailure `ledger-broken`, naming the first line that does not hold
 */
export function verifyLedger(text: string, name: string, model: string, digestOf: DigestOf): LedgerState {
  if (text === "") return EMPTY_LEDGER;
  const lines = text.split("\n");
  if (lines.pop() !== "") throw broken(name, lines.length + 1, "its last line is cut off");
  const state = growing(EMPTY_LEDGER);
  for (const [index, line] of lines.entries()) {
    const entry = readEntry(line, name, index + 1);
    const fault = faultOf(state, entry, { model, planDigest: digestOfRecord(entry.plan, digestOf) });
    if (fault !== undefined) throw broken(name, index + 1, fault);
    grow(state, entry, digestOf(line));
  }
  return state;
}

/** One line for one entry: what is appended and what is hashed. */
export const writeEntry = (entry: PromotionRecord): string => canonicalJson(entry);

/** What the ledger says after an entry. @throws ActionFailure `ledger-broken` when the entry may not follow: a bug of ours */
export function appendEntry(before: LedgerState, entry: PromotionRecord, digestOf: DigestOf): LedgerState {
  const planDigest = digestOfRecord(entry.plan, digestOf);
  const fault = faultOf(before, entry, { model: entry.plan.model, planDigest });
  if (fault !== undefined) throw broken("the ledger", entry.seq, fault);
  const state = growing(before);
  grow(state, entry, digestOf(writeEntry(entry)));
  return state;
}

function readEntry(line: string, name: string, number: number): PromotionRecord {
  let entry: PromotionRecord;
  try {
    entry = readRecord(promotionRecord, line, name);
  } catch (error) {
    if (!(error instanceof ActionFailure)) throw error;
    throw broken(name, number, error.problems[0]?.message ?? "it is no record");
  }
  if (writeEntry(entry) !== line) throw broken(name, number, "it is not written as it was appended");
  return entry;
}

interface Growing extends LedgerState {
  seq: number;
  digest: string | null;
  readonly environments: Map<string, EnvironmentState>;
  readonly plans: Map<string, PromotionRecord>;
}

const growing = (state: LedgerState): Growing => ({
  ...state,
  environments: new Map(state.environments),
  plans: new Map(state.plans),
});

/** Adds an entry that follows the rules; in place, as a ledger has many. */
function grow(state: Growing, entry: PromotionRecord, digest: string): void {
  const { plan, planDigest, type, tag } = entry;
  const { standing, lastAssignment, tags } = environmentIn(state, plan.to);
  state.environments.set(plan.to, {
    standing: type === "committed" ? standAfter(standing, plan, planDigest) : standing,
    open: type === "intent" ? entry : undefined,
    lastAssignment: Math.max(lastAssignment, plan.assignment),
    tags: tag === null ? tags : [...tags, tag],
  });
  state.plans.set(planDigest, entry);
  state.seq = entry.seq;
  state.digest = digest;
}

const broken = (name: string, line: number, fault: string): ActionFailure =>
  refusal({
    code: "ledger-broken",
    message: `this entry of the ledger does not hold: ${fault}`,
    place: { file: name, line },
    fix: "Find out who changed the ledger, and restore the branch from a clone that has it whole",
  });
