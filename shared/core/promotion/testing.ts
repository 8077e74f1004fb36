/** Plans and ledgers for tests. */
import { ActionFailure } from "../../action/problem.ts";
import { digestOf } from "../../adapters/files/digest.ts";
import { digestOfRecord } from "../../records/digest.ts";
import type { Origin } from "../../records/parts.ts";
import type { ModelVersion, PromotionPlan } from "../../records/promotion-record.ts";
import { commitOf, intentFor } from "./entries.ts";
import { environmentIn, type LedgerState, standingIn } from "./ledger.ts";
import { appendEntry, EMPTY_LEDGER, writeEntry } from "./verify-ledger.ts";

export const AT = "2026-06-15T12:00:00Z";

export const origin = (run = 1, attempt = 1): Origin => ({
  repository: "octo/model",
  workflow: "promote.yml",
  run,
  attempt,
  actor: "alice",
});

const version = (name: string): ModelVersion => ({
  version: name,
  commit: "a".repeat(40),
  modelDigest: digestOf(name),
});

/** A plan as one would make it on this ledger. */
export function planOn(
  ledger: LedgerState,
  target: string,
  to: string,
  change: Partial<PromotionPlan> = {},
): PromotionPlan {
  return {
    schema: "mlops-actions/promotion-plan@1",
    kind: "promote",
    model: "visits",
    target: version(target),
    from: null,
    to,
    replaces: standingIn(ledger, to)?.version ?? null,
    assignment: environmentIn(ledger, to).lastAssignment + 1,
    approvals: 0,
    challenge: false,
    evidence: [],
    metrics: [],
    policy: { ref: "b".repeat(40), digest: digestOf("policy") },
    reason: "",
    requestedBy: { login: "alice", id: 1 },
    createdAt: AT,
    expiresAt: "2026-06-18T12:00:00Z",
    origin: origin(),
    ...change,
  };
}

export type Promoted = readonly [target: string, to: string, change?: Partial<PromotionPlan>];

/** A ledger in which these versions were committed, one after the other. */
export function ledgerOf(...promoted: readonly Promoted[]) {
  let ledger = EMPTY_LEDGER;
  let text = "";
  for (const [target, to, change] of promoted) {
    const plan = planOn(ledger, target, to, change);
    const order = { plan, planDigest: digestOfRecord(plan, digestOf), approvals: [] };
    const intent = intentFor(order, { ledger, at: AT, origin: origin() });
    const begun = appendEntry(ledger, intent, digestOf);
    const commit = commitOf(intent, "c".repeat(40), { ledger: begun, at: AT, origin: origin() });
    ledger = appendEntry(begun, commit, digestOf);
    text += `${writeEntry(intent)}\n${writeEntry(commit)}\n`;
  }
  return { ledger, text };
}

export function codesOf(work: () => unknown): readonly string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ActionFailure) return error.problems.map(({ code }) => code);
    throw error;
  }
}
