import { describe, expect, test } from "vitest";
import type { ModelVersionRecord } from "../../records/model-version.ts";
import { digestOf } from "../../records/testing.ts";
import { getEnvironment, type LedgerState } from "./ledger.ts";
import { findPeriods, findTrainedOn, listEvents, listPeriods } from "./ledger-answers.ts";
import { createAbortEntry, createCommitEntry, createIntentEntry } from "./ledger-entries.ts";
import { approve, createOrigin, createPlan } from "./testing.ts";
import { appendEntry, EMPTY_LEDGER } from "./verify-ledger.ts";

type Plan = Parameters<typeof createPlan>[3];
const on = (day: number): string => `2026-06-${String(day).padStart(2, "0")}T12:00:00Z`;
const data = (name: string) => [{ kind: "data", digest: digestOf(name) }];

function add(
  ledger: LedgerState,
  day: number,
  end: "committed" | "aborted" | "open",
  version: string,
  to: string,
  change: Plan = {},
) {
  const context = (state: LedgerState) => ({ ledger: state, at: on(day), origin: createOrigin(day) });
  const approved = {
    ...approve(createPlan(ledger, version, to, change)),
    approvals: [{ login: "bob", id: 2, comment: "" }],
  };
  const begun = appendEntry(ledger, createIntentEntry(approved, context(ledger)), digestOf);
  const { openIntent } = getEnvironment(begun, to);
  if (openIntent === undefined) throw new Error("there is no intent");
  if (end === "open") return begun;
  const entry =
    end === "committed"
      ? createCommitEntry(openIntent, "c".repeat(40), context(begun))
      : createAbortEntry(openIntent, context(begun));
  return appendEntry(begun, entry, digestOf);
}

const steps: readonly [number, "committed" | "aborted" | "open", string, string, Plan?][] = [
  [1, "committed", "v1.0.0", "staging", { evidence: data("old") }],
  [2, "committed", "v1.0.0", "Production", { evidence: data("old") }],
  [3, "aborted", "v1.1.0", "production", { evidence: data("new") }],
  [4, "committed", "v1.1.0", "production", { evidence: data("new") }],
  [6, "committed", "v1.0.0", "production", { kind: "roll-back", reason: "complaints", evidence: data("old") }],
  [7, "open", "v1.2.0", "production", { evidence: data("new") }],
];
const ledger = steps.reduce(
  (state, [day, end, version, to, change]) => add(state, day, end, version, to, change),
  EMPTY_LEDGER,
);
const versions = (periods: ReturnType<typeof listPeriods>) => periods.map(({ version }) => version.version);

test("the history has each promotion once, with its outcome, who asked, who approved, and why", () => {
  const events = listEvents(ledger, "production").map(({ what, version }) => [what, version?.version]);
  expect(events).toEqual([
    ["promoted", "v1.0.0"],
    ["aborted", "v1.1.0"],
    ["promoted", "v1.1.0"],
    ["rolled back", "v1.0.0"],
    ["promoting", "v1.2.0"],
  ]);
  expect(listEvents(ledger)).toHaveLength(6);
  expect(listEvents(ledger, "production").at(-2)).toMatchObject({
    ...{ seq: 10, at: on(6), requestedBy: "alice", approvedBy: ["bob"], reason: "complaints", run: 6 },
  });
});

describe("what an environment ran", () => {
  test("has no gap and no overlap, and what was aborted or is under way did not run", () => {
    expect(listPeriods(ledger, "PRODUCTION").map(({ version, from, to }) => [version.version, from, to])).toEqual([
      ["v1.0.0", on(2), on(4)],
      ["v1.1.0", on(4), on(6)],
      ["v1.0.0", on(6), null],
    ]);
  });

  test.each([
    ["before the first", on(1), on(1), []],
    ["the moment of a change", on(4), on(4), ["v1.1.0"]],
    ["a moment between", on(3), on(3), ["v1.0.0"]],
    ["a day with a change", "2026-06-04T00:00:00Z", "2026-06-04T23:59:59Z", ["v1.0.0", "v1.1.0"]],
    ["now", on(30), on(30), ["v1.0.0"]],
    ["all the time", on(1), on(30), ["v1.0.0", "v1.1.0", "v1.0.0"]],
  ])("%s", (_, from, to, expected) => {
    expect(versions(findPeriods(ledger, "production", from, to))).toEqual(expected);
  });

  test("is nothing in an environment that the ledger does not know", () => {
    expect(listPeriods(ledger, "vault")).toEqual([]);
  });
});

test("versions that were registered and never promoted are known from their tags", () => {
  const registered = ["v1.0.0", "v3.0.0", "v4.0.0"].map((version) => ({
    ...({ version, commit: "c".repeat(40), modelDigest: digestOf(version) } as ModelVersionRecord),
    dataDigest: version === "v4.0.0" ? null : digestOf("old"),
  }));
  const found = findTrainedOn(ledger, digestOf("old"), registered);
  expect(found.map(({ version, environments }) => [version.version, environments])).toEqual([
    ["v1.0.0", ["staging", "Production"]],
    ["v3.0.0", []],
  ]);
});

test.each([
  ["old", digestOf("old"), [["v1.0.0", ["staging", "Production"]]]],
  [
    "new, by how it begins, without its kind",
    digestOf("new").slice(7, 20),
    [
      ["v1.1.0", ["production"]],
      ["v1.2.0", []],
    ],
  ],
  ["none", digestOf("none"), []],
])("versions that were trained on data: %s", (_, digest, expected) => {
  expect(findTrainedOn(ledger, digest).map(({ version, environments }) => [version.version, environments])).toEqual(
    expected,
  );
});
