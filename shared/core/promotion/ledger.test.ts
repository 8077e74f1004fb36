import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../records/canonical-json.ts";
import { digestOf } from "../../records/testing.ts";
import { assertTagsMatchLedger } from "./assert-tags-match-ledger.ts";
import { getCurrentVersion, getEnvironment } from "./ledger.ts";
import { createIntentEntry } from "./ledger-entries.ts";
import {
  approve,
  CREATED_AT,
  createLedger,
  createOrigin,
  createPlan,
  type PromotedVersion,
  problemCodes,
} from "./testing.ts";
import { appendEntry, EMPTY_LEDGER, serializeEntry, verifyLedger } from "./verify-ledger.ts";

const NAME = "mlops-ledger/visits:ledger.jsonl";
const verify = (text: string) => verifyLedger(text, NAME, "visits", digestOf);
const PROMOTIONS: readonly PromotedVersion[] = [
  ["v1.0.0", "staging"],
  ["v1.0.0", "production", { needs: ["staging"] }],
  ["v1.1.0", "staging"],
  ["v1.1.0", "production", { needs: ["staging"] }],
  ["v1.0.0", "production", { kind: "roll-back", reason: "Complaints" }],
];

/** The same promotions: all lines of one version, or of both in turn. */
const CHAINS = [[1], [2], [1, 2], [2, 1]] as const;

describe.each(CHAINS)("a ledger as it was written in version %j, %j", (...versions) => {
  const used = versions.filter((version) => version !== undefined);
  const { ledger, text } = createLedger(
    ...PROMOTIONS.map(
      ([target, to, change = {}], at): PromotedVersion => [target, to, change, used[at % used.length] ?? 2],
    ),
  );
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

describe("lines of both versions", () => {
  const { text } = createLedger(["v1.0.0", "staging", {}, 1], ["v1.1.0", "staging", {}, 2]);
  const lines = text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

  test("have the version of their plan, and in version 2 only an intent contains it", () => {
    expect(lines.map(({ schema, plan }) => [schema, plan?.schema])).toEqual([
      ["mlops-actions/promotion-record@1", "mlops-actions/promotion-plan@1"],
      ["mlops-actions/promotion-record@1", "mlops-actions/promotion-plan@1"],
      ["mlops-actions/promotion-record@2", "mlops-actions/promotion-plan@2"],
      ["mlops-actions/promotion-record@2", undefined],
    ]);
    expect(lines[3]).not.toHaveProperty("approvals");
  });

  test("the last one, of a newer release, is not called broken: this release is too old", () => {
    const newer = { ...lines[3], schema: "mlops-actions/promotion-record@3", new: "field" };
    const changed = [...lines.slice(0, 3), newer].map((line) => `${canonicalJson(line)}\n`).join("");
    expect(problemCodes(() => verify(changed))).toEqual(["record-newer"]);
    expect(() => verify(changed)).toThrow(
      `${NAME}:4: the record "mlops-actions/promotion-record@3" was written by a newer release. Update promote-model`,
    );
  });
});

describe("a line of version 2 that follows an open intent", () => {
  const intentOf = (version: 1 | 2) => {
    const approved = approve(createPlan(EMPTY_LEDGER, "v1.0.0", "staging"), version);
    const entry = createIntentEntry(approved, { ledger: EMPTY_LEDGER, at: CREATED_AT, origin: createOrigin() });
    return { entry, planDigest: approved.planDigest, ledger: appendEntry(EMPTY_LEDGER, entry, digestOf) };
  };
  const { entry, planDigest, ledger } = intentOf(2);
  const open = entry.record;
  const follow = (change: object, after = { entry, planDigest, ledger }) => {
    const { seq, digest } = after.ledger;
    const base = { schema: open.schema, seq: seq + 1, previous: digest, at: CREATED_AT, origin: createOrigin() };
    const line = canonicalJson({ ...base, planDigest: after.planDigest, ...change });
    return verify(`${serializeEntry(after.entry)}\n${line}\n`);
  };
  const tag = { name: "visits#staging#1", object: "c".repeat(40) };

  test("closes it without its plan", () => {
    expect(getCurrentVersion(follow({ type: "committed", tag }), "staging")?.version.version).toBe("v1.0.0");
    expect(
      getEnvironment(follow({ type: "aborted", tag: null, cause: "expired" }), "staging").openIntent,
    ).toBeUndefined();
  });

  test("may be a step of a rollout, which leaves it open", () => {
    const state = follow({ type: "step", percent: 10, outcome: "passed" });
    expect([state.seq, getEnvironment(state, "staging").openIntent?.planDigest]).toEqual([2, planDigest]);
  });

  test.each<[string, object, string]>([
    [
      "about a plan that nobody began",
      { type: "committed", tag, planDigest: digestOf("x") },
      "no entry before it contains its plan",
    ],
    [
      "with another tag",
      { type: "committed", tag: { ...tag, name: "visits#staging#2" } },
      "its tag is not visits#staging#1",
    ],
    ["committed without a tag", { type: "committed", tag: null }, "its tag is not visits#staging#1"],
    ["aborted with a tag", { type: "aborted", tag }, "an aborted plan has no tag"],
    [
      "with approvals of its own",
      { type: "committed", tag, approvals: [{ login: "eve", id: 9, comment: "" }] },
      "approvals",
    ],
  ])("is refused %s", (_, change, reason) => {
    expect(problemCodes(() => follow(change))).toEqual(["ledger-broken"]);
    expect(() => follow(change)).toThrow(reason);
  });

  test("cannot close an intent of version 1", () => {
    expect(() => follow({ type: "committed", tag }, intentOf(1))).toThrow("its version is not that of its intent");
  });
});

const INVALID: Readonly<Record<string, readonly PromotedVersion[]>> = {
  "skips an environment": [["v1.0.0", "production", { needs: ["staging"] }]],
  "skips one of two environments": [
    ["v1.0.0", "staging"],
    ["v1.0.0", "vault", { needs: ["staging", "production"] }],
  ],
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

test("an environment has one history, whatever the case of its name", () => {
  const { text } = createLedger(
    ["v1.0.0", "prod_eu"],
    ["v1.1.0", "Prod_EU"],
    ["v1.1.0", "production/eu", { needs: ["PROD_EU"] }],
  );
  const state = getEnvironment(verify(text), "PROD_eu");
  expect(state.deployedVersions.map(({ version }) => version.version)).toEqual(["v1.0.0", "v1.1.0"]);
  expect(state.tags.map(({ name }) => name)).toEqual(["visits#prod_eu#1", "visits#Prod_EU#2"]);
});

test("a ledger of another model is refused", () => {
  const { text } = createLedger(["v1.0.0", "staging", { model: "other" }]);
  expect(problemCodes(() => verify(text))).toEqual(["ledger-broken"]);
});

test.for([
  ["half a surrogate pair", (text: string) => text.replace('"reason":""', '"reason":"\\ud800"')],
  ["a key twice", (text: string) => text.replace('"reason":""', '"reason":"a","reason":""')],
  ["a number beyond all", (text: string) => text.replace('"assignment":1', '"assignment":1e400')],
  ["no JSON", (text: string) => text.replace("{", "")],
] as const)("a line with %s is not valid", ([_, change]) => {
  const { text } = createLedger(...PROMOTIONS);
  expect(change(text)).not.toBe(text);
  expect(problemCodes(() => verify(change(text)))).toEqual(["ledger-broken"]);
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
    ["another model's, in an odd spelling", [...tags, tag("other#=73taging#1"), tag("=76isits#staging#9")], []],
    ["another model's", [...tags, tag("other#vault#1")], []],
  ] as const)("%s", ([_, found, codes]) => {
    expect(problemCodes(() => assertTagsMatchLedger(ledger, "visits", found))).toEqual(codes);
  });
  test("and reveal that the end of the ledger was deleted", () => {
    expect(problemCodes(() => assertTagsMatchLedger(EMPTY_LEDGER, "visits", tags))).toHaveLength(all.length);
  });
});
