/** What somebody who may write to the branch changes in a ledger of parts, with all digests computed anew. */
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../records/canonical-json.ts";
import { PART_LIMITS } from "../../records/promotion-record.ts";
import { digestOf } from "../../records/testing.ts";
import { readWhole } from "./older-parts.ts";
import { promoteAll, readerOf } from "./parts-testing.ts";
import { readLedger } from "./verify-ledger.ts";

const NAME = "ledger";

type Line = Record<string, unknown>;
type State = Record<"environments" | "entries" | "ended", Line[]>;
const stateOf = (line: Line): State => line["state"] as State;

/** Changes one line, and computes the digests of all that follow anew: as somebody would who can write to the branch. */
function forge(lines: readonly string[], at: number, change: (line: Line) => void): string {
  let previous: string | undefined;
  return lines
    .map((text, index) => {
      if (index < at) return `${text}\n`;
      const line: Line = JSON.parse(text);
      if (index === at) change(line);
      if (previous !== undefined) line["previous"] = previous;
      const forged = canonicalJson(line);
      previous = digestOf(forged);
      return `${forged}\n`;
    })
    .join("");
}

const first = <Item>(items: readonly Item[] | undefined): Item => {
  const [item] = items ?? [];
  if (item === undefined) throw new Error("there is none");
  return item;
};

/** A part whose statement was forged. */
const FORGERIES: readonly (readonly [string, (line: Line) => void])[] = [
  ["another current version", (line) => void (first(stateOf(line).environments)["deployed"] as unknown[]).pop()],
  ["an environment less", (line) => void stateOf(line).environments.pop()],
  ["a lower number", (line) => void Object.assign(first(stateOf(line).environments), { lastAssignment: 1 })],
  ["fewer tags", (line) => void (first(stateOf(line).environments)["tags"] as unknown[]).shift()],
  ["tags from a later number on", (line) => void Object.assign(first(stateOf(line).environments), { tagsFrom: 3 })],
  [
    "that nothing was left out",
    (line) => void Object.assign(first(stateOf(line).environments), { olderVersions: true }),
  ],
  ["an ended plan less", (line) => void stateOf(line).ended.pop()],
  ["an ended plan as aborted", (line) => void Object.assign(first(stateOf(line).ended), { type: "aborted" })],
  ["no repeated entries", (line) => void stateOf(line).entries.splice(0)],
  [
    "an approval that nobody gave",
    (line) => void Object.assign(first(stateOf(line).entries), { approvals: [{ login: "eve", id: 9, comment: "" }] }),
  ],
  [
    "lines that were never refused",
    (line) =>
      void Object.assign(stateOf(line), {
        repaired: {
          lastValid: { seq: 0, digest: null },
          refusedLines: 0,
          refusedDigest: digestOf(""),
          environments: ["staging"],
        },
      }),
  ],
  ["another model", (line) => void Object.assign(line, { model: "other" })],
  ["another number", (line) => void Object.assign(line, { seq: 99 })],
];

describe("a part that states something else is not valid", () => {
  const parted = promoteAll(8, 6);
  const lines = parted.file.text.split("\n").slice(0, -1);
  const second = lines.findIndex((line, index) => index > 0 && line.includes('"type":"part"'));

  test.each(FORGERIES)("%s", (_, change) => {
    const { broken } = readLedger(forge(lines, second, change), NAME, "visits", digestOf);
    expect(broken?.error.problems).toMatchObject([{ code: "ledger-broken", place: { line: second + 1 } }]);
  });

  // The next part repeats entries, and each names the one before it by digest.
  test.each(FORGERIES)("%s, in the part before, with its entries chained anew", (_, change) => {
    const { broken } = readLedger(forge(lines, 0, change), NAME, "visits", digestOf);
    expect(broken?.error.problems[0]?.code).toBe("ledger-broken");
  });

  // Of the first line alone, its writer is believed; who reads all parts does not.
  test.each(FORGERIES)("%s, in a part that nothing follows", async (_, change) => {
    const { text } = await readWhole(forge(lines.slice(0, 1), 0, change), NAME, readerOf(parted));
    const { broken } = readLedger(text, NAME, "visits", digestOf);
    expect(broken?.error.problems[0]?.code).toBe("ledger-broken");
  });

  test("because any line before it was changed", () => {
    for (let at = 1; at < second; at++) {
      const text = forge(lines, at, (line) => void Object.assign(line, { at: "2026-06-15T12:00:01Z" }));
      const { broken } = readLedger(text, NAME, "visits", digestOf);
      expect(broken?.error.problems).toMatchObject([{ code: "ledger-broken", place: { line: second + 1 } }]);
    }
  });
});

/** What a first line says, and no release writes. */
describe("the part that a file begins with must make sense in itself", () => {
  const parted = promoteAll(8, 6);
  const lines = parted.file.text.split("\n").slice(0, -1);
  test.each<[string, (line: Line) => void, string]>([
    [
      "a tag of another environment",
      (line) =>
        void (first(stateOf(line).environments)["tags"] as Line[]).splice(0, 1, { name: "visits#vault#1", object: "" }),
      "visits#vault#1 is no tag of staging",
    ],
    [
      "tags in another order",
      (line) => void (first(stateOf(line).environments)["tags"] as Line[]).reverse(),
      "is out of order",
    ],
    [
      "a tag beyond the last number",
      (line) => void Object.assign(first(stateOf(line).environments), { lastAssignment: 1 }),
      "is out of order",
    ],
    [
      "a tag before the first number",
      (line) => void Object.assign(first(stateOf(line).environments), { tagsFrom: 2 }),
      "is out of order",
    ],
    [
      "an environment twice",
      (line) => void stateOf(line).environments.push(first(stateOf(line).environments)),
      "it states staging twice",
    ],
    [
      "two open intents",
      (line) => {
        const [intent] = stateOf(line).entries;
        const plan = { ...(intent?.["plan"] as Line), reason: "again" };
        stateOf(line).entries.splice(1, 1);
        stateOf(line).entries.push({ ...intent, plan, planDigest: digestOf(canonicalJson(plan)) });
      },
      "it states staging twice",
    ],
    [
      "an entry about another model",
      (line) => {
        const plan = { ...(first(stateOf(line).entries)["plan"] as Line), model: "other" };
        Object.assign(first(stateOf(line).entries), { plan, planDigest: digestOf(canonicalJson(plan)) });
      },
      "it repeats an entry about another model, other",
    ],
    [
      "a plan that is not the approved one",
      (line) => void Object.assign(first(stateOf(line).entries)["plan"] as Line, { reason: "mine" }),
      "whose plan does not match its digest",
    ],
    [
      "an entry of later",
      (line) => void Object.assign(first(stateOf(line).entries), { seq: 99 }),
      "that does not come before it",
    ],
    [
      "an end without its intent",
      (line) => void stateOf(line).entries.shift(),
      "it repeats an entry that contains no plan",
    ],
    [
      "an entry of another kind",
      (line) => void Object.assign(first(stateOf(line).entries), { type: "other" }),
      "that is none",
    ],
    [
      "a part in a part",
      (line) => void stateOf(line).entries.unshift(JSON.parse(canonicalJson(line))),
      "it repeats an entry that contains no plan",
    ],
  ])("%s", (_, change, message) => {
    const { broken, state } = readLedger(forge(lines, 0, change), NAME, "visits", digestOf);
    const [problem] = broken?.error.problems ?? [];
    expect([problem?.code, problem?.place?.line, state.seq]).toEqual(["ledger-broken", 1, 0]);
    expect(problem?.message).toContain(message);
  });

  test.each(["environments", "ended"] as const)("more %s than a part may state", (key) => {
    const limits = { environments: PART_LIMITS.versions, ended: PART_LIMITS.ended };
    const text = forge(lines, 0, (line) => {
      const list = key === "ended" ? stateOf(line).ended : (first(stateOf(line).environments)["deployed"] as Line[]);
      while (list.length <= limits[key]) list.push(first(list));
    });
    expect(readLedger(text, NAME, "visits", digestOf).broken?.error.problems[0]?.code).toBe("ledger-broken");
  });
});

describe("files of older parts", () => {
  const parted = promoteAll(14, 6);
  const [oldest, ...newer] = [...parted.older].filter(([, text]) => parted.file.text !== text);

  test("one that is gone, or has other content, is named", async () => {
    if (oldest === undefined) throw new Error("there is one part only");
    const gone = { older: new Map(newer) };
    const changed = { older: new Map(parted.older).set(oldest[0], `${oldest[1]}{}\n`) };
    for (const { older } of [gone, changed, { older: new Map<string, string>() }]) {
      const { missing, text } = await readWhole(parted.file.text, NAME, readerOf({ older }));
      expect(missing?.problems).toMatchObject([{ code: "ledger-part-missing" }]);
      expect(text.endsWith(parted.file.text)).toBe(true);
    }
  });

  test("in another order, or twice, they are no ledger", () => {
    const files = [...parted.older.values(), parted.file.text];
    const orders = [[...files].reverse(), [...files, ...files.slice(-1)], files.slice(1, 2).concat(files.slice(-1))];
    for (const order of orders)
      expect(readLedger(order.join(""), NAME, "visits", digestOf).broken?.error.problems[0]?.code).toBe(
        "ledger-broken",
      );
  });
});

test("a part is believed as the first line of its own model's file, and nowhere else", () => {
  const [line] = promoteAll(8, 6).file.text.split("\n");
  expect(readLedger(`${line}\n`, NAME, "visits", digestOf).broken).toBeUndefined();
  for (const [text, model] of [
    [`garbage\n${line}\n`, "visits"],
    [`${line}\n`, "other"],
  ] as const) {
    const { state, broken } = readLedger(text, NAME, model, digestOf);
    expect([state.seq, broken?.error.problems[0]?.code]).toEqual([0, "ledger-broken"]);
  }
});
