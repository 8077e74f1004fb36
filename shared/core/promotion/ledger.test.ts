import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf } from "../../records/testing.ts";
import { assertTagsMatchLedger } from "./assert-tags-match-ledger.ts";
import { getCurrentVersion, getEnvironment } from "./ledger.ts";
import { createLedger, type PromotedVersion, problemCodes } from "./testing.ts";
import { EMPTY_LEDGER, verifyLedger } from "./verify-ledger.ts";

const NAME = "mlops-ledger/visits:ledger.jsonl";
const verify = (text: string) => verifyLedger(text, NAME, "visits", digestOf);
const PROMOTIONS = [
  ["v1.0.0", "staging"],
  ["v1.0.0", "production", { from: "staging" }],
  ["v1.1.0", "staging"],
  ["v1.1.0", "production", { from: "staging" }],
  ["v1.0.0", "production", { kind: "roll-back", reason: "Complaints" }],
] as const;

describe("a ledger as it was written", () => {
  const { ledger, text } = createLedger(...PROMOTIONS);
  test("describes which version is deployed where, and which were before", () => {
    expect(verify(text)).toEqual(ledger);
    expect(getCurrentVersion(ledger, "staging")?.version.version).toBe("v1.1.0");
    expect(getCurrentVersion(ledger, "production")?.version.version).toBe("v1.0.0");
    expect(getEnvironment(ledger, "production").deployedVersions).toHaveLength(1);
    expect(getEnvironment(ledger, "production").lastAssignment).toBe(3);
    expect(verify("")).toEqual(EMPTY_LEDGER);
  });

  test("is refused when a byte is changed, or a line is removed, repeated or moved", () => {
    // Nothing protects the time and the run of the last entry before the next one is appended.
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
      // That its end was deleted is not noticed here: the tags reveal it.
      if (at < lines.length - 1) expect(problemCodes(() => verify(written(without)))).toEqual(["ledger-broken"]);
      expect(problemCodes(() => verify(written(lines.toSpliced(at, 0, line))))).toEqual(["ledger-broken"]);
      for (let to = 0; to < at; to++) {
        expect(problemCodes(() => verify(written(without.toSpliced(to, 0, line))))).toEqual(["ledger-broken"]);
      }
    }
  });

  test("the error names the line that is not valid", () => {
    const broken = text.replace('"seq":4', '"seq":5');
    expect(() => verify(broken)).toThrow(`${NAME}:4: this entry of the ledger is not valid`);
  });
});

const INVALID: Readonly<Record<string, readonly PromotedVersion[]>> = {
  "skips an environment": [["v1.0.0", "production", { from: "staging" }]],
  "replaces a version that is not deployed": [
    ["v1.0.0", "staging"],
    ["v1.1.0", "staging", { replaces: null }],
  ],
  "uses a number again": [
    ["v1.0.0", "staging"],
    ["v1.1.0", "staging", { assignment: 1 }],
  ],
  "rolls back to a version that was never deployed": [
    ["v1.0.0", "staging"],
    ["v0.9.0", "staging", { kind: "roll-back" }],
  ],
  "lacks approvals": [["v1.0.0", "staging", { approvals: 1 }]],
};

test.for(Object.entries(INVALID))("an entry that %s cannot follow", ([_, entries]) => {
  expect(problemCodes(() => createLedger(...entries))).toEqual(["ledger-broken"]);
});

test("a ledger of another model is refused", () => {
  const { text } = createLedger(["v1.0.0", "staging", { model: "other" }]);
  expect(problemCodes(() => verify(text))).toEqual(["ledger-broken"]);
});

describe("the tags are cross-checked", () => {
  const { ledger } = createLedger(...PROMOTIONS);
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
    ["one is missing", tags.slice(1), ["assignment-tag-missing"]],
    ["one was moved", [...tags.slice(1), tag("visits#staging#1", "d".repeat(40))], ["assignment-tag-moved"]],
    ["one more than the ledger knows", [...tags, tag("visits#vault#1")], ["assignment-not-in-ledger"]],
    ["another model's", [...tags, tag("other#vault#1")], []],
  ] as const)("%s", ([_, found, codes]) => {
    expect(problemCodes(() => assertTagsMatchLedger(ledger, "visits", found))).toEqual(codes);
  });
  test("and reveal that the end of the ledger was deleted", () => {
    expect(problemCodes(() => assertTagsMatchLedger(EMPTY_LEDGER, "visits", tags))).toHaveLength(all.length);
  });
});
