/** The rules for an entry of the ledger, given all entries before it. */
import { canonicalJson } from "../../records/canonical-json.ts";
import type { PromotionPlan, PromotionRecord } from "../../records/promotion-record.ts";
import { assignmentTagName } from "../registry/tag-name.ts";
import { type EnvironmentState, getEnvironment, isSameVersion, type LedgerState } from "./ledger.ts";

export interface ExpectedEntry {
  readonly model: string;
  /** The computed digest of the entry's plan. */
  readonly planDigest: string;
}

/** What is wrong with the entry, to complete "this entry … is not valid: …"; `undefined` when it may follow. */
export function findEntryError(
  state: LedgerState,
  entry: PromotionRecord,
  expected: ExpectedEntry,
): string | undefined {
  const { plan, type } = entry;
  if (entry.seq !== state.seq + 1) return `its sequence number is ${entry.seq}, not ${state.seq + 1}`;
  if (entry.previous !== state.digest) return "its previous digest does not match the entry before it";
  if (entry.planDigest !== expected.planDigest) return "its plan does not match its digest";
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
  const current = environment.deployedVersions.at(-1)?.version ?? null;
  if (!isSameVersion(plan.replaces, current)) return `it replaces a version that is not deployed to ${plan.to}`;
  if (plan.assignment <= environment.lastAssignment) return `its assignment number ${plan.assignment} is used already`;
  return findKindError(state, plan, environment) ?? findApprovalsError(entry);
}

/** The order of environments was checked when the plan was made; here it is checked against the ledger itself. */
function findKindError(state: LedgerState, plan: PromotionPlan, environment: EnvironmentState): string | undefined {
  if (plan.kind === "roll-back") {
    const earlier = environment.deployedVersions.slice(0, -1);
    const wasDeployed = earlier.some(({ version }) => isSameVersion(version, plan.target));
    return wasDeployed ? undefined : `it rolls back to a version that was not deployed to ${plan.to} before`;
  }
  if (plan.from === null) return undefined;
  const passed = getEnvironment(state, plan.from).deployedVersions.some(({ version }) =>
    isSameVersion(version, plan.target),
  );
  return passed ? undefined : `its version was not promoted to ${plan.from}`;
}

function findApprovalsError({ plan, approvals }: PromotionRecord): string | undefined {
  const people = new Set(approvals.map(({ id }) => id));
  if (people.size !== approvals.length) return "one person approved twice";
  if (people.has(plan.requestedBy.id)) return "its requester is among those who approved";
  return people.size < plan.approvals ? `it has ${people.size} of ${plan.approvals} approvals` : undefined;
}

/** A commit or an abort ends the open intent of its environment and repeats its fields. */
function findClosingError(entry: PromotionRecord, { openIntent }: EnvironmentState): string | undefined {
  const { plan, type, tag } = entry;
  if (openIntent === undefined || openIntent.planDigest !== entry.planDigest)
    return `${plan.to} has no open intent for its plan`;
  if (canonicalJson(entry.approvals) !== canonicalJson(openIntent.approvals))
    return "its approvals are not those of its intent";
  if (type === "aborted") return tag === null ? undefined : "an aborted plan has no tag";
  const name = assignmentTagName(plan.model, plan.to, plan.assignment);
  return tag?.name === name ? undefined : `its tag is not ${name}`;
}
