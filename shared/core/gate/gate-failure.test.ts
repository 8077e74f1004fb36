/** Why the step fails, in one line of the log. */
import { expect, test } from "vitest";
import type { Ruling, Verdict } from "../../records/verdict.ts";
import { gateFailureProblem } from "./build-verdict.ts";

const ruling: Ruling = {
  ...{ metric: "mae", slice: "night", better: "lower", rule: "max", threshold: 3, unit: "absolute" },
  ...{ candidate: 4, baseline: null, outcome: "fail", reason: "4 is above max 3" },
};
const failureOf = (parts: Partial<Verdict>) =>
  gateFailureProblem({ outcome: "fail", rulings: [ruling], ...parts } as unknown as Verdict);
const problem = { code: "policy-broken", message: "this change breaks it", severity: "error" as const };

test.each<[string, Partial<Verdict>, object | undefined]>([
  [
    "one rule",
    {},
    { code: "gate-closed", message: 'the gate is closed: "mae" of the slice "night": 4 is above max 3' },
  ],
  [
    "two",
    { rulings: [ruling, { ...ruling, outcome: "pass" }, ruling] },
    { message: expect.stringContaining("max 3. Another rule is broken too") },
  ],
  [
    "three",
    { rulings: [ruling, ruling, ruling] },
    { message: expect.stringContaining("2 other rules are broken too") },
  ],
  [
    "no rule at all",
    { rulings: [] },
    { message: "the gate is closed: nothing was judged", fix: "Give the policy a gate" },
  ],
  [
    "another reason",
    { problems: [problem] },
    { code: "policy-broken", message: "this change breaks it", fix: "Correct it" },
  ],
  [
    "another reason with its place",
    { problems: [{ ...problem, fix: "Merge it", place: { file: "p.yml", line: 3, column: 5 } }] },
    { fix: "Merge it", place: { file: "p.yml", line: 3, column: 5 } },
  ],
  ["nothing", { outcome: "pass" }, undefined],
  ["nothing that closes it", { outcome: "inconclusive" }, undefined],
])("for %s", (_, parts, expected) => {
  if (expected === undefined) expect(failureOf(parts)).toBeUndefined();
  else expect(failureOf(parts)).toMatchObject(expected);
  if (expected !== undefined && !("place" in expected)) expect(failureOf(parts)).not.toHaveProperty("place");
});
