/** Plans and ledgers for tests. */

import { ActionError } from "../../problem/problem.ts";
import { digestRecord } from "../../records/digest.ts";
import type { Origin } from "../../records/fields.ts";
import { inVersion } from "../../records/in-version.ts";
import {
  type ModelVersionRef,
  PROMOTION_PLAN,
  type PromotionPlan,
  promotionPlan,
} from "../../records/promotion-plan.ts";
import type { ReadRecord, RecordVersion } from "../../records/record-format.ts";
import { digestOf } from "../../records/testing.ts";
import { getCurrentVersion, getEnvironment, type LedgerEntry, type LedgerState } from "./ledger.ts";
import { type ApprovedPlan, createCommitEntry, createIntentEntry } from "./ledger-entries.ts";
import { appendEntry, EMPTY_LEDGER, serializeEntry } from "./verify-ledger.ts";

export const CREATED_AT = "2026-06-15T12:00:00Z";

export const createOrigin = (run = 1, attempt = 1): Origin => ({
  repository: "octo/model",
  workflow: "promote.yml",
  run,
  attempt,
  actor: "alice",
});

const modelVersion = (name: string): ModelVersionRef => ({
  version: name,
  commit: "a".repeat(40),
  modelDigest: digestOf(name),
});

/** A plan for this ledger. */
export function createPlan(
  ledger: LedgerState,
  target: string,
  to: string,
  change: Partial<PromotionPlan> = {},
): PromotionPlan {
  return {
    schema: PROMOTION_PLAN,
    kind: "promote",
    model: "visits",
    target: modelVersion(target),
    needs: [],
    to,
    replaces: getCurrentVersion(ledger, to)?.version ?? null,
    assignment: getEnvironment(ledger, to).lastAssignment + 1,
    approvals: 0,
    challenge: false,
    evidence: [],
    metrics: [],
    policy: { ref: "b".repeat(40), digest: digestOf("policy") },
    reason: "",
    requestedBy: { login: "alice", id: 1 },
    createdAt: CREATED_AT,
    expiresAt: "2026-06-18T12:00:00Z",
    origin: createOrigin(),
    ...change,
  };
}

export type PromotedVersion = readonly [
  target: string,
  to: string,
  change?: Partial<PromotionPlan>,
  version?: RecordVersion,
];

/** As a run does that nobody needs to approve. */
export function approve(plan: PromotionPlan, version: RecordVersion = 2): ApprovedPlan {
  const written = inVersion(promotionPlan, plan, version);
  return { plan: written, planDigest: digestRecord(written, digestOf), approvals: [] };
}

/** The open intent of a plan in this ledger. */
function openIntentOf(ledger: LedgerState, { record }: ReadRecord<PromotionPlan>): LedgerEntry {
  const { openIntent } = getEnvironment(ledger, record.to);
  if (openIntent === undefined) throw new Error("there is no open intent");
  return openIntent;
}

/** A ledger in which these versions were committed, one after the other. */
export function createLedger(...promoted: readonly PromotedVersion[]) {
  let ledger = EMPTY_LEDGER;
  let text = "";
  for (const [target, to, change, version] of promoted) {
    const approved = approve(createPlan(ledger, target, to, change), version);
    const intent = createIntentEntry(approved, { ledger, at: CREATED_AT, origin: createOrigin() });
    const withIntent = appendEntry(ledger, intent, digestOf);
    const commit = createCommitEntry(openIntentOf(withIntent, approved.plan), "c".repeat(40), {
      ledger: withIntent,
      at: CREATED_AT,
      origin: createOrigin(),
    });
    ledger = appendEntry(withIntent, commit, digestOf);
    text += `${serializeEntry(intent)}\n${serializeEntry(commit)}\n`;
  }
  return { ledger, text };
}

export function problemCodes(work: () => unknown): readonly string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ActionError) return error.problems.map(({ code }) => code);
    throw error;
  }
}
