/** What an entry of the ledger must obey, given all entries before it. */
import { canonicalJson } from "../../records/canonical-json.ts";
import type { PromotionPlan, PromotionRecord } from "../../records/promotion-record.ts";
import { assignmentTagName } from "../registry/tag-name.ts";
import { type EnvironmentState, getEnvironment, isSameVersion, type LedgerState } from "./ledger.ts";

export interface ExpectedEntry {
  readonly model: string;
  /** The digest the entry's plan really has. */
  readonly planDigest: string;
}

/** What is wrong with the entry, to complete "this entry does not hold: …"; nothing when it may follow. */
export function findEntryError(
  state: LedgerState,
  entry: PromotionRecord,
  expected: ExpectedEntry,
): string | undefined {
  const { plan, type } = entry;
  if (entry.seq !== state.seq + 1) return `its number is ${entry.seq}, not ${state.seq + 1}`;
  if (entry.previous !== state.digest) return "it does not name the entry before it";
  if (entry.planDigest !== expected.planDigest) return "its plan is not the one its digest names";
  if (plan.model !== expected.model) return `it is about another model, ${plan.model}`;
  const environment = getEnvironment(state, plan.to);
  return type === "intent" ? findIntentError(state, entry, environment) : findClosingError(entry, environment);
}

function findIntentError(
  state: LedgerState,
  entry: PromotionRecord,
  environment: EnvironmentState,
): string | undefined {
  const { plan, planDigest, tag } = entry;
  if (environment.openIntent !== undefined) return `${plan.to} has an open intent already`;
  if (state.plans.has(planDigest)) return "its plan has been carried out or aborted before";
  if (tag !== null) return "an intent has no tag yet";
  const top = environment.deployedVersions.at(-1)?.version ?? null;
  if (!isSameVersion(plan.replaces, top)) return `it replaces what does not stand in ${plan.to}`;
  if (plan.assignment <= environment.lastAssignment) return `its assignment number ${plan.assignment} is used already`;
  return findKindError(state, plan, environment) ?? findApprovalsError(entry);
}

/** The order of environments held when the plan was made; here it is held against the ledger itself. */
function findKindError(state: LedgerState, plan: PromotionPlan, environment: EnvironmentState): string | undefined {
  if (plan.kind === "roll-back") {
    const before = environment.deployedVersions.slice(0, -1);
    const stood = before.some(({ version }) => isSameVersion(version, plan.target));
    return stood ? undefined : `it rolls back to what did not stand in ${plan.to} before`;
  }
  if (plan.from === null) return undefined;
  const passed = getEnvironment(state, plan.from).deployedVersions.some(({ version }) =>
    isSameVersion(version, plan.target),
  );
  return passed ? undefined : `its version was not committed in ${plan.from}`;
}

function findApprovalsError({ plan, approvals }: PromotionRecord): string | undefined {
  const people = new Set(approvals.map(({ id }) => id));
  if (people.size !== approvals.length) return "one person approved twice";
  if (people.has(plan.requestedBy.id)) return "its requester is among those who approved";
  return people.size < plan.approvals ? `it has ${people.size} of ${plan.approvals} approvals` : undefined;
}

/** A commit or an abort ends the open intent of its environment and repeats what that said. */
function findClosingError(entry: PromotionRecord, { openIntent: open }: EnvironmentState): string | undefined {
  const { plan, type, tag } = entry;
  if (open === undefined || open.planDigest !== entry.planDigest) return `${plan.to} has no open intent for its plan`;
  if (canonicalJson(entry.approvals) !== canonicalJson(open.approvals)) return "its approvals are not its intent's";
  if (type === "aborted") return tag === null ? undefined : "an aborted plan has no tag";
  const name = assignmentTagName(plan.model, plan.to, plan.assignment);
  return tag?.name === name ? undefined : `it does not name its tag, ${name}`;
}
