/** Decisions about changes: what fails, what passes, what does neither, and by which evidence. */
import { expect, test } from "vitest";
import { readReference } from "../../../../test/reference/statistics/reference.ts";
import { inconclusive } from "../inconclusive.ts";
import { compareMeans } from "../mean/welch.ts";
import { comparePairedShares } from "../proportion/paired-shares.ts";
import { sure } from "../testing.ts";
import type { Comparison } from "./choose-evidence.ts";
import { adjustByHolm } from "./holm.ts";
import { type ChangeRule, judgeChange, judgeChanges, type Levels } from "./judge-changes.ts";
import { pOfLossBeyond } from "./loss.ts";

const levels: Levels = { alpha: 0.05, power: 0.8, correction: "holm" };
const auto: ChangeRule = { better: "higher" };

const cases = (n: number, gained: number, lost: number, missing = 0): Comparison => ({
  kind: "predictions",
  result: comparePairedShares({ n, gained, lost }),
  missing,
});
const means = (difference: number): Comparison => ({
  kind: "summaries",
  result: compareMeans({ mean: 0.9 + difference, stderr: 0.01 }, { mean: 0.9, stderr: 0.01 }),
});
const broken: Comparison = { kind: "predictions", result: inconclusive("not-comparable", "the labels differ") };

test.for(readReference<{ holm: { in: number[]; out: number[] }[] }>("corrections").holm)(
  "Holm: $in",
  ({ in: all, out }) => {
    const adjusted = adjustByHolm(all);
    expect(adjusted).toHaveLength(out.length);
    expect(adjusted.filter((p, at) => !(Math.abs(p - (out[at] ?? Number.NaN)) < 1e-15))).toEqual([]);
  },
);

test.for<[string, Comparison[], ChangeRule, object]>([
  ["many lost", [cases(1000, 10, 40)], auto, { outcome: "fail", kind: "predictions", method: "exact McNemar test" }],
  ["as many gained", [cases(1000, 30, 30)], auto, { outcome: "pass", loss: 0, p: expect.any(Number) }],
  ["many gained", [cases(1000, 40, 10)], auto, { outcome: "pass", loss: -0.03 }],
  ["a loss where lower is better", [cases(1000, 40, 10)], { better: "lower" }, { outcome: "fail", loss: 0.03 }],
  ["too few to find anything", [cases(3, 0, 0)], auto, { outcome: "inconclusive", reason: "too-few" }],
  ["a limit that holds", [cases(10_000, 100, 100)], { ...auto, maxRegression: 0.01 }, { outcome: "pass" }],
  ["a limit that is broken", [cases(10_000, 100, 500)], { ...auto, maxRegression: 0.01 }, { outcome: "fail" }],
  [
    "a loss within the limit",
    [cases(10_000, 100, 150)],
    { ...auto, maxRegression: 0.01 },
    { outcome: "pass", loss: 0.005 },
  ],
  [
    "a limit that nobody can tell",
    [cases(1000, 30, 31)],
    { ...auto, maxRegression: 0.005 },
    { outcome: "inconclusive", reason: "too-few", needed: expect.any(Number) },
  ],
  ["a run that broke", [cases(1000, 30, 30, 2)], auto, { outcome: "inconclusive", reason: "missing-results" }],
  ["a loss although a run broke", [cases(1000, 10, 40, 2)], auto, { outcome: "fail" }],
  [
    "other evidence instead of a broken run",
    [{ ...broken, missing: 3 }, means(0)],
    auto,
    { reason: "missing-results" },
  ],
  ["the best evidence first", [means(-0.1), cases(1000, 30, 30)], auto, { outcome: "pass", kind: "predictions" }],
  [
    "the next where the best does not suffice",
    [broken, means(-0.1)],
    auto,
    { outcome: "fail", kind: "summaries", passedOver: ["predictions: the labels differ"] },
  ],
  [
    "only kinds that may decide",
    [cases(1000, 10, 40)],
    { ...auto, evidence: ["history"] },
    { reason: "not-supported" },
  ],
  ["no evidence", [], auto, { outcome: "inconclusive", reason: "not-supported" }],
  ["nothing that suffices", [broken], auto, { reason: "not-comparable", detail: "predictions: the labels differ" }],
])("%s", ([, comparisons, rule, expected]) => {
  expect(judgeChange({ comparisons, rule }, levels)).toMatchObject(expected);
});

test("of ten rules one must be worse by more, unless nothing is corrected", () => {
  const one = { comparisons: [cases(1000, 20, 35)], rule: auto };
  const ten = [one, ...Array.from({ length: 9 }, () => ({ comparisons: [cases(1000, 20, 20)], rule: auto }))];
  expect(judgeChange(one, levels).outcome).toBe("fail");
  expect(judgeChanges(ten, levels)[0]?.outcome).toBe("pass");
  expect(judgeChanges(ten, { ...levels, correction: "none" })[0]?.outcome).toBe("fail");
  expect(judgeChanges(ten, levels)[0]?.detectable).toBeGreaterThan(judgeChange(one, levels).detectable ?? 1);
});

test("the needed number of cases makes the limit detectable", () => {
  const rule = { ...auto, maxRegression: 0.005 };
  const { needed = 0 } = judgeChange({ comparisons: [cases(1000, 30, 30)], rule }, levels);
  const grown = comparePairedShares({ n: needed, gained: Math.round(needed * 0.03), lost: Math.round(needed * 0.03) });
  expect(sure(grown).detectable(0.05, 0.8)).toBeLessThan(0.0052);
  expect(sure(grown).detectable(0.05, 0.8)).toBeGreaterThan(0.0045);
});

test("a loss beyond a limit is as likely as the t-test of the shifted difference says", () => {
  const estimate = sure(compareMeans({ mean: 0.85, stderr: 0.01, n: 9 }, { mean: 0.9, stderr: 0.01, n: 12 }));
  const shifted = sure(compareMeans({ mean: 0.88, stderr: 0.01, n: 9 }, { mean: 0.9, stderr: 0.01, n: 12 }));
  expect(pOfLossBeyond(estimate, "higher", 0.03)).toBeCloseTo(shifted.pLower, 9);
  expect(pOfLossBeyond(estimate, "higher", 0.06)).toBe(1);
  const whole = sure(compareMeans({ mean: 1, stderr: 0.5 }, { mean: 3, stderr: 0.5 }));
  expect(pOfLossBeyond(whole, "higher", 2)).toBe(1);
  expect(pOfLossBeyond(whole, "higher", 1.999_999)).toBeCloseTo(0.5, 5);
});

test.for<[string, Partial<Levels>, Partial<ChangeRule>]>([
  ["alpha 0", { alpha: 0 }, {}],
  ["alpha 0.5", { alpha: 0.5 }, {}],
  ["power 1", { power: 1 }, {}],
  ["a negative limit", {}, { maxRegression: -0.1 }],
  ["no limit at all", {}, { maxRegression: Number.NaN }],
])("decides nothing at %s", ([, level, limit]) => {
  const judgement = judgeChange(
    { comparisons: [cases(1000, 10, 40)], rule: { ...auto, ...limit } },
    { ...levels, ...level },
  );
  expect(judgement).toMatchObject({ outcome: "inconclusive", reason: "out-of-range" });
});
