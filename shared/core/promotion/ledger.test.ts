import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf } from "../../adapters/files/digest.ts";
import { assertTagsMatchLedger } from "./assert-tags-match-ledger.ts";
import { getCurrentVersion, getEnvironment } from "./ledger.ts";
import { createLedger, type PromotedVersion, problemCodes } from "./testing.ts";
import { EMPTY_LEDGER, verifyLedger } from "./verify-ledger.ts";

const NAME = "mlops-ledger/visits:ledger.jsonl";
const verify = (text: string) => verifyLedger(text, NAME, "visits", digestOf);
const STORY = [
  ["v1.0.0", "staging"],
  ["v1.0.0", "production", { from: "staging" }],
  ["v1.1.0", "staging"],
  ["v1.1.0", "production", { from: "staging" }],
  ["v1.0.0", "production", { kind: "roll-back", reason: "Complaints" }],
] as const;

describe("a ledger as it was written", () => {
  const { ledger, text } = createLedger(...STORY);
  test("says what stands where, and what stood there before", () => {
    expect(verify(text)).toEqual(ledger);
    expect(getCurrentVersion(ledger, "staging")?.version.version).toBe("v1.1.0");
    expect(getCurrentVersion(ledger, "production")?.version.version).toBe("v1.0.0");
    expect(getEnvironment(ledger, "production").deployedVersions).toHaveLength(1);
    expect(getEnvironment(ledger, "production").lastAssignment).toBe(3);
    expect(verify("")).toEqual(EMPTY_LEDGER);
  });

  test("does not hold with any of its bytes changed, and no line left out, doubled or moved", () => {
    // When the last entry was written, and by which run, is held by nothing before the next one.
    const lastLine = text.lastIndexOf("\n", text.length - 2);
    fc.assert(
      fc.property(fc.nat(lastLine), fc.constantFrom(...'01aef{}:," \n'), (at, letter) => {
        fc.pre(text[at] !== letter);
        const changed = text.slice(0, at) + letter + text.slice(at + 1);
        expect(problemCodes(() => verify(changed))).toEqual(["ledger-broken"]);
      }),
      { seed: 5, numRuns: 300 },
    );
    const lines = text.split("\n").slice(0, -1);
    const written = (changed: readonly string[]): string => changed.map((line) => `${line}\n`).join("");
    for (const [at, line] of lines.entries()) {
      const without = lines.toSpliced(at, 1);
      // Its end can be cut off unnoticed here: the tags are witnesses for that.
      if (at < lines.length - 1) expect(problemCodes(() => verify(written(without)))).toEqual(["ledger-broken"]);
      expect(problemCodes(() => verify(written(lines.toSpliced(at, 0, line))))).toEqual(["ledger-broken"]);
      for (let to = 0; to < at; to++) {
        expect(problemCodes(() => verify(written(without.toSpliced(to, 0, line))))).toEqual(["ledger-broken"]);
      }
    }
  });

  test("says which line does not hold", () => {
    const broken = text.replace('"seq":4', '"seq":5');
    expect(() => verify(broken)).toThrow(`${NAME}:4: this entry of the ledger does not hold`);
  });
});

const IMPOSSIBLE: Readonly<Record<string, readonly PromotedVersion[]>> = {
  "skips an environment": [["v1.0.0", "production", { from: "staging" }]],
  "replaces what does not stand there": [
    ["v1.0.0", "staging"],
    ["v1.1.0", "staging", { replaces: null }],
  ],
  "uses a number again": [
    ["v1.0.0", "staging"],
    ["v1.1.0", "staging", { assignment: 1 }],
  ],
  "rolls back to what never stood there": [
    ["v1.0.0", "staging"],
    ["v0.9.0", "staging", { kind: "roll-back" }],
  ],
  "lacks approvals": [["v1.0.0", "staging", { approvals: 1 }]],
};

test.for(Object.entries(IMPOSSIBLE))("an entry that %s cannot follow", ([_, entries]) => {
  expect(problemCodes(() => createLedger(...entries))).toEqual(["ledger-broken"]);
});

test("a ledger of another model is no ledger of this one", () => {
  const { text } = createLedger(["v1.0.0", "staging", { model: "other" }]);
  expect(problemCodes(() => verify(text))).toEqual(["ledger-broken"]);
});

describe("the tags as witnesses", () => {
  const { ledger } = createLedger(...STORY);
  const tag = (name: string, object = "c".repeat(40)) => ({ name, object, annotated: true });
  const all = [
    "visits#staging#1",
    "visits#production#1",
    "visits#staging#2",
    "visits#production#2",
    "visits#production#3",
  ];
  const tags = [...all.map((name) => tag(name)), tag("visits@v1.0.0"), tag("v3")];
  test.for([
    ["all of them", tags, []],
    ["one gone", tags.slice(1), ["assignment-tag-missing"]],
    ["one moved", [...tags.slice(1), tag("visits#staging#1", "d".repeat(40))], ["assignment-tag-moved"]],
    ["one more than the ledger knows", [...tags, tag("visits#vault#1")], ["assignment-not-in-ledger"]],
    ["another model's", [...tags, tag("other#vault#1")], []],
  ] as const)("%s", ([_, found, codes]) => {
    expect(problemCodes(() => assertTagsMatchLedger(ledger, "visits", found))).toEqual(codes);
  });
  test("remember a ledger that was cut off", () => {
    expect(problemCodes(() => assertTagsMatchLedger(EMPTY_LEDGER, "visits", tags))).toHaveLength(all.length);
  });
});
