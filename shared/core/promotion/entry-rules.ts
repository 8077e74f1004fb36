/** The rules for an entry of the ledger, given all entries before it. */
import { canonicalJson } from "../../records/canonical-json.ts";
import type { PromotionPlan } from "../../records/promotion-plan.ts";
import type { Approval } from "../../records/promotion-record.ts";
import { assignmentTagName } from "../registry/tag-name.ts";
import { findPlanError, notRepaired } from "./find-plan-error.ts";
import {
  type EnvironmentState,
  getEnvironment,
  isSameVersion,
  isUnsettled,
  type LedgerEntry,
  type LedgerState,
} from "./ledger.ts";

export interface ExpectedEntry {
  readonly model: string;
  /** The computed digest of the plan that the entry contains; `undefined` when it contains none. */
  readonly planDigest: string | undefined;
}

/** What is wrong with the entry, to complete "this entry … is not valid: …"; `undefined` when it may follow. */
export function findEntryError(state: LedgerState, entry: LedgerEntry, expected: ExpectedEntry): string | undefined {
  const { plan, record } = entry;
  const broken = findLinkError(state, entry, expected);
  if (broken !== undefined) return broken;
  const environment = getEnvironment(state, plan.to);
  if (isUnsettled(state, plan.to)) return notRepaired(plan.to);
  return record.type === "intent" ? findIntentError(state, entry, environment) : findFollowUpError(entry, environment);
}

interface LinkedEntry {
  readonly record: { readonly seq: number; readonly previous: string | null; readonly planDigest: string };
  readonly plan: { readonly model: string };
}

/** Whether it is the next entry of this ledger, and about the plan that it names. */
export function findLinkError(
  state: LedgerState,
  { record, plan }: LinkedEntry,
  { model, planDigest }: ExpectedEntry,
): string | undefined {
  if (record.seq !== state.seq + 1) return `its sequence number is ${record.seq}, not ${state.seq + 1}`;
  if (record.previous !== state.digest) return "its previous digest does not match the entry before it";
  if ((planDigest ?? record.planDigest) !== record.planDigest) return "its plan does not match its digest";
  return plan.model === model ? undefined : `it is about another model, ${plan.model}`;
}

function findIntentError(state: LedgerState, entry: LedgerEntry, environment: EnvironmentState): string | undefined {
  const { plan, planDigest } = entry;
  if (environment.openIntent !== undefined) return `${plan.to} has an open intent already`;
  if (state.plans.has(planDigest)) return "its plan has been carried out or aborted before";
  if (tagOf(entry) !== null) return "an intent has no tag yet";
  const current = environment.deployedVersions.at(-1)?.version ?? null;
  if (!isSameVersion(plan.replaces, current)) return `it replaces a version that is not deployed to ${plan.to}`;
  if (plan.assignment <= environment.lastAssignment) return `its assignment number ${plan.assignment} is used already`;
  // The order of environments was checked when the plan was made; here it is checked against the ledger itself.
  return findPlanError(state, plan)?.what ?? findApprovalsError(entry);
}

interface ApprovedEntry {
  readonly plan: Pick<PromotionPlan, "requestedBy" | "approvals">;
  readonly approvals: readonly Approval[];
}

export function findApprovalsError({ plan, approvals }: ApprovedEntry): string | undefined {
  const people = new Set(approvals.map(({ id }) => id));
  if (people.size !== approvals.length) return "one person approved twice";
  if (people.has(plan.requestedBy.id)) return "its requester is among those who approved";
  return people.size < plan.approvals ? `it has ${people.size} of ${plan.approvals} approvals` : undefined;
}

/** A commit or an abort ends the open intent of its environment, a step lies between; in version 1 they repeat its fields. */
function findFollowUpError(entry: LedgerEntry, { openIntent }: EnvironmentState): string | undefined {
  const { plan, record } = entry;
  if (openIntent === undefined || openIntent.planDigest !== entry.planDigest)
    return `${plan.to} has no open intent for its plan`;
  if (canonicalJson(entry.approvals) !== canonicalJson(openIntent.approvals))
    return "its approvals are not those of its intent";
  if (entry.version !== openIntent.version) return "its version is not that of its intent";
  if (record.type === "step") return undefined;
  const tag = tagOf(entry);
  if (record.type === "aborted") return tag === null ? undefined : "an aborted plan has no tag";
  const name = assignmentTagName(plan.model, plan.to, plan.assignment);
  return tag?.name === name ? undefined : `its tag is not ${name}`;
}

export const tagOf = ({ record }: Pick<LedgerEntry, "record">) => ("tag" in record ? record.tag : null);
