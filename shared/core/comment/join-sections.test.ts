import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareRevisions, joinSections } from "./join-sections.ts";
import { formatSection, SECTION_STATES, type Section } from "./section.ts";
import { createSection, HEAD } from "./testing.ts";

const OLD = "b".repeat(40);
const OLDER = "c".repeat(40);
const mine = createSection({ run: 5 }, "mine", { key: "a" });
const other = (revision: Parameters<typeof createSection>[0], parts: Partial<Section> = {}) =>
  createSection(revision, "theirs", { key: "b", ...parts });
const shown = (sections: readonly Section[]) =>
  sections.map(({ key, state, revision: { run, attempt, head } }) => [key, state, run, attempt, head.slice(0, 1)]);

describe("the sections of other keys", () => {
  test.each<[string, readonly Section[], readonly unknown[]]>([
    ["of this run stay", [other({ run: 5 })], ["b", "ready", 5, 1, "a"]],
    ["of an earlier run of this commit stay", [other({ run: 3 })], ["b", "ready", 3, 1, "a"]],
    ["of an earlier commit become pending", [other({ run: 3, head: OLD })], ["b", "pending", 5, 0, "a"]],
    ["of a newer run of an earlier commit too", [other({ run: 9, head: OLD })], ["b", "pending", 5, 0, "a"]],
    [
      "are what was reported, not what was pending",
      [other({ run: 9 }, { state: "pending" }), other({ run: 3 }, { state: "blocked" })],
      ["b", "blocked", 3, 1, "a"],
    ],
    [
      "are the newest",
      [other({ run: 4 }), other({ run: 5, attempt: 2 }), other({ run: 5 })],
      ["b", "ready", 5, 2, "a"],
    ],
  ])("%s", (_, known, section) => {
    expect(shown(joinSections(mine, known, false))).toEqual([["a", "ready", 5, 1, "a"], section]);
  });

  test("are gone when they have not reported for a whole commit", () => {
    const pending = other({ run: 3, head: OLD, attempt: 0 }, { state: "pending", text: "" });
    expect(shown(joinSections(mine, [pending, other({ run: 2, head: OLDER }, { key: "c" })], false))).toEqual([
      ["a", "ready", 5, 1, "a"],
      ["c", "pending", 5, 0, "a"],
    ]);
  });
});

describe("of two sections of one key and revision", () => {
  const theirs = (state: Section["state"]) => createSection({ run: 5 }, "theirs", { key: "a", state });
  const wins = (state: Section["state"], written: boolean, keepsWorst: boolean) =>
    joinSections({ ...mine, state }, [theirs("undecided")], written, keepsWorst)[0]?.text;

  test("the later one stays", () => {
    expect([wins("ready", false, false), wins("ready", true, false)]).toEqual(["mine", "theirs"]);
    expect(wins("blocked", true, false)).toBe("theirs");
  });

  test("or the worse one, whoever writes last", () => {
    expect([wins("ready", false, true), wins("ready", true, true)]).toEqual(["theirs", "theirs"]);
    expect([wins("blocked", false, true), wins("blocked", true, true)]).toEqual(["mine", "mine"]);
    expect([wins("undecided", false, true), wins("undecided", true, true)]).toEqual(["mine", "theirs"]);
  });
});

test("what does not fit into a comment loses its longest texts, and no section", () => {
  const long = (key: string, length: number) => createSection({}, "x".repeat(length), { key });
  const joined = joinSections(long("a", 30_000), [long("b", 40_000), long("c", 20_000), long("d", 100)], false);
  expect(joined.map(({ key, text }) => [key, text.length])).toEqual([
    ["a", 30_000],
    ["b", 0],
    ["c", 20_000],
    ["d", 100],
  ]);
  const wide = createSection({}, "漢".repeat(50_000), { key: "e" });
  expect(joined.length + 1).toBe(joinSections(wide, [...joined, { ...wide, key: "f" }], false).length - 1);
  const many = Array.from({ length: 100 }, (_, at) => long(`k${at}`, 1_000));
  expect(joinSections(mine, many, false).map(formatSection).join("\n\n").length).toBeLessThan(60_000);
});

const revision = fc.record({ run: fc.nat(4), attempt: fc.nat(3), head: fc.constantFrom(HEAD, OLD) });
const section = fc
  .record({ key: fc.constantFrom("a", "b", "c"), state: fc.constantFrom(...SECTION_STATES), revision })
  .map((parts): Section => ({ ...parts, summary: "s", text: JSON.stringify(parts) }));

test("revisions have one order", () => {
  fc.assert(
    fc.property(revision, revision, revision, (a, b, c) => {
      const compare = (x: typeof a, y: typeof a) => compareRevisions(x, y, HEAD);
      expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
      if (compare(a, b) > 0 && compare(b, c) > 0) expect(compare(a, c)).toBeGreaterThan(0);
    }),
  );
});

test("joining again changes nothing, whatever is known", () => {
  fc.assert(
    fc.property(fc.array(section, { maxLength: 8 }), section, fc.boolean(), (known, some, written) => {
      const me = { ...some, state: "ready" as const, revision: { ...some.revision, head: HEAD } };
      const once = joinSections(me, known, written);
      expect(joinSections(me, once, true)).toEqual(once);
      expect(once.map(({ key }) => key)).toEqual([...new Set(once.map(({ key }) => key))].sort());
      expect(once.every(({ revision: { head } }) => head === HEAD)).toBe(true);
    }),
  );
});

test("two writers of different keys come to the same, whoever wrote last", () => {
  fc.assert(
    fc.property(fc.array(section, { maxLength: 6 }), fc.nat(3), fc.nat(3), (known, first, second) => {
      const a = createSection({ run: 5 + first }, "a", { key: "a" });
      const b = createSection({ run: 5 + second }, "b", { key: "b" });
      const settle = (one: Section, two: Section) =>
        joinSections(one, joinSections(two, joinSections(one, known, false), false), true);
      const textOf = (sections: readonly Section[], key: string) => sections.find((each) => each.key === key)?.text;
      for (const key of ["a", "b"]) expect(textOf(settle(a, b), key)).toBe(textOf(settle(b, a), key));
    }),
  );
});
