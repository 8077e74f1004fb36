/** What must be equal before an entry may follow: each part of a version, and the plan that an entry closes. */
import { expect, test } from "vitest";
import type { PromotionPlan } from "../../records/promotion-plan.ts";
import { digestOf } from "../../records/testing.ts";
import { getEnvironment, type LedgerState } from "./ledger.ts";
import { createAbortEntry, createCommitEntry, createIntentEntry } from "./ledger-entries.ts";
import { approve, CREATED_AT, createLedger, createOrigin, createPlan, type PromotedVersion } from "./testing.ts";
import { appendEntry, EMPTY_LEDGER } from "./verify-ledger.ts";

const { target } = createPlan(EMPTY_LEDGER, "v1.0.0", "staging");
const OTHERS: readonly (readonly [string, PromotionPlan["target"]])[] = [
  ["another name", { ...target, version: "v1.1.0" }],
  ["another commit", { ...target, commit: "e".repeat(40) }],
  ["other files", { ...target, modelDigest: digestOf("other") }],
];
const inStaging: PromotedVersion = ["v1.0.0", "staging"];

test.each(OTHERS)("a version with %s was not promoted to the environment before", (_, other) => {
  const next: PromotedVersion = ["v1.0.0", "production", { needs: ["staging"], target: other }];
  expect(() => createLedger(inStaging, next)).toThrow("its version was not promoted to staging");
});

test.each(OTHERS)("a plan that replaces a version with %s does not replace the current one", (_, other) => {
  expect(() => createLedger(inStaging, ["v2.0.0", "staging", { replaces: other }])).toThrow(
    "it replaces a version that is not deployed to staging",
  );
});

test.each(OTHERS)("a roll back to a version with %s leads to none that was there", (_, other) => {
  const back: PromotedVersion = ["v1.0.0", "staging", { kind: "roll-back", target: other }];
  expect(() => createLedger(inStaging, ["v2.0.0", "staging"], back)).toThrow("was not deployed to staging before");
});

test("a roll back leads to an earlier version, not to the current one", () => {
  expect(() => createLedger(inStaging, ["v2.0.0", "staging"], ["v2.0.0", "staging", { kind: "roll-back" }])).toThrow(
    "was not deployed to staging before",
  );
});

test("an intent is not closed in the name of a plan that ended before", () => {
  const at = (ledger: LedgerState) => ({ ledger, at: CREATED_AT, origin: createOrigin() });
  const begin = (ledger: LedgerState, version: string) => {
    const entry = createIntentEntry(approve(createPlan(ledger, version, "staging")), at(ledger));
    const begun = appendEntry(ledger, entry, digestOf);
    const { openIntent } = getEnvironment(begun, "staging");
    if (openIntent === undefined) throw new Error("there is no open intent");
    return { begun, openIntent };
  };
  const first = begin(EMPTY_LEDGER, "v1.0.0");
  const aborted = appendEntry(first.begun, createAbortEntry(first.openIntent, at(first.begun)), digestOf);
  const { begun } = begin(aborted, "v1.1.0");
  for (const entry of [
    createCommitEntry(first.openIntent, "c".repeat(40), at(begun)),
    createAbortEntry(first.openIntent, at(begun)),
  ])
    expect(() => appendEntry(begun, entry, digestOf)).toThrow("staging has no open intent for its plan");
});
