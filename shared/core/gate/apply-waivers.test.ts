import { describe, expect, test } from "vitest";
import type { Ruling } from "../../records/verdict.ts";
import { createRuling } from "../../report/testing.ts";
import { matchesBranch } from "../policy/branch-pattern.ts";
import type { Waiver2 } from "../policy/policy-2-gates.ts";
import { applyWaivers, findNeededWaivers, type WaivedChange } from "./apply-waivers.ts";
import { outcomeOf } from "./judge.ts";

const WAIVER: Waiver2 = { metric: "mae", approver: "Alice", reason: "Known: sensor 7", expires: "2026-02-01" };
const CHANGE: WaivedChange = { author: "bob", branch: "sensors/new", today: "2026-01-31" };
const broken = createRuling({ candidate: 9, outcome: "fail", reason: "9 is above max 3" });
const approvers = new Map([
  ["alice", { login: "alice", id: 1, mayWrite: true }],
  ["carol", { login: "carol", id: 2, mayWrite: false }],
]);

const apply = (
  waiver: Partial<Waiver2>,
  change: Partial<WaivedChange> = {},
  rulings: readonly Ruling[] = [broken],
  longest?: string,
) => {
  const options = { path: ".github/mlops.yml", longest };
  const result = applyWaivers(rulings, [{ ...WAIVER, ...waiver }], { ...CHANGE, ...change }, approvers, options);
  return { ...result, outcome: outcomeOf(result.rulings) };
};

test("a waived rule stays broken, shows who waived it and why, and does not close the gate", () => {
  const { outcome, rulings, notes } = apply({});
  expect([outcome, notes]).toEqual(["pass", []]);
  expect(rulings[0]).toMatchObject({
    outcome: "fail",
    waiver: { approver: { login: "alice", id: 1 }, reason: "Known: sensor 7", expires: "2026-02-01" },
  });
});

test("the last day still counts", () => {
  expect(apply({ expires: "2026-01-31" }).outcome).toBe("pass");
});

describe("a waiver does not count, and that is said,", () => {
  test.each<[string, Partial<Waiver2>, Partial<WaivedChange>, string | undefined, string]>([
    ["after its last day", { expires: "2026-01-30" }, {}, undefined, "it expired on 2026-01-30"],
    ["for one's own change", {}, { author: "ALICE" }, undefined, "nobody waives for their own change"],
    ["when nobody knows whose change it is", {}, { author: undefined }, undefined, "nobody waives for themselves"],
    ["by somebody who may not write", { approver: "carol" }, {}, undefined, "carol may not write"],
    ["by nobody GitHub knows", { approver: "dave" }, {}, undefined, "dave may not write"],
    ["for longer than the policy allows", { expires: "2026-12-31" }, {}, "30d", "the policy allows at most 30d"],
  ])("%s", (_, waiver, change, longest, why) => {
    const { outcome, rulings, notes } = apply(waiver, change, [broken], longest);
    expect([outcome, rulings[0]?.waiver]).toEqual(["fail", undefined]);
    expect(notes).toEqual([expect.stringContaining(why)]);
  });
});

describe("a waiver is not for", () => {
  test.each<[string, Partial<Waiver2>, Partial<WaivedChange>, Partial<Ruling>]>([
    ["another metric", { metric: "r2" }, {}, {}],
    ["another slice", { slice: "night" }, {}, { slice: "day" }],
    ["another branch", { branch: "main" }, {}, {}],
    ["a run without a branch", { branch: "**" }, { branch: undefined }, {}],
  ])("%s", (_, waiver, change, ruling) => {
    const { outcome, notes } = apply(waiver, change, [{ ...broken, ...ruling }]);
    expect([outcome, notes]).toEqual(["fail", []]);
  });
});

test("one slice alone is waived, also where it is the worst", () => {
  expect(apply({ slice: "night" }, {}, [{ ...broken, slice: "night" }]).outcome).toBe("pass");
  expect(apply({ slice: "night" }, {}, [{ ...broken, rule: "worst-slice", between: ["night", "day"] }]).outcome).toBe(
    "pass",
  );
  expect(apply({ slice: "night" }, {}, [{ ...broken, slice: "night" }, broken]).outcome).toBe("fail");
});

test("GitHub is asked only about waivers that would change something", () => {
  expect(findNeededWaivers([createRuling()], [WAIVER], "x")).toEqual([]);
  expect(findNeededWaivers([{ ...broken, severity: "warn" }], [WAIVER], "x")).toEqual([]);
  expect(findNeededWaivers([broken], [WAIVER], "x")).toEqual([WAIVER]);
});

test.each([
  ["release/**", "release/1/x", true],
  ["release/*", "release/1", true],
  ["release/*", "release/1/x", false],
  ["v?", "v1", true],
  ["v?", "v10", false],
  ["a.b", "axb", false],
  ["main", "main2", false],
])("%s matches %s: %s", (pattern, branch, matches) => {
  expect(matchesBranch(pattern, branch)).toBe(matches);
});
