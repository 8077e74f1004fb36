/** From records, history and predictions to comparisons, and to the decision by the best of them. */
import { expect, test } from "vitest";
import { inconclusive } from "../inconclusive.ts";
import { alignPredictions } from "../predictions/align-predictions.ts";
import { readPredictions } from "../predictions/read-predictions.ts";
import { randomOf, sure } from "../testing.ts";
import { compareEvidence, type Evidence } from "./compare-evidence.ts";
import { compareSummaries, type Summary } from "./compare-summaries.ts";
import { judgeChange } from "./judge-changes.ts";

const repeats = (...values: number[]): Summary => ({
  value: values.reduce((sum, value) => sum + value / values.length, 0),
  repeats: values.map((value, seed) => ({ value, seed })),
});
const shifted = ({ value, repeats: all = [] }: Summary): Summary => ({
  value,
  repeats: all.map((repeat) => ({ value: repeat.value, seed: (repeat.seed ?? 0) + 100 })),
});
const byFold = ({ value, repeats: all = [] }: Summary): Summary => ({
  value,
  repeats: all.map((repeat, fold) => ({ value: repeat.value, fold })),
});
const [five, other] = [repeats(0.9, 0.92, 0.88, 0.91, 0.9), repeats(0.89, 0.915, 0.86, 0.9, 0.89)];

test.for<[string, Summary, Summary, boolean, object]>([
  ["the same seeds", five, other, false, { method: "paired t-test", n: 5 }],
  ["other seeds", five, shifted(other), false, { method: "Welch's t-test", n: 5 }],
  [
    "repeats without names",
    { value: 1, repeats: [{ value: 1 }, { value: 2 }] },
    five,
    false,
    { method: "Welch's t-test" },
  ],
  ["standard errors", { value: 0.9, stderr: 0.01 }, { value: 0.8, stderr: 0.01 }, true, { method: "Welch's t-test" }],
  [
    "one repeat is none",
    { ...repeats(0.9), stderr: 0.01 },
    { value: 0.8, stderr: 0.01 },
    true,
    { method: "Welch's t-test" },
  ],
  ["a share of n cases", { value: 0.9, n: 100 }, { value: 0.8, n: 100 }, true, { method: "z-test of two shares" }],
  ["n of what is no share", { value: 0.9, n: 100 }, { value: 0.8, n: 100 }, false, { inconclusive: "not-supported" }],
  ["one side alone", { value: 0.9, n: 100 }, { value: 0.8 }, true, { inconclusive: "not-supported" }],
  ["the same folds", byFold(five), byFold(other), false, { method: "paired t-test", n: 5 }],
  ["some of the seeds", five, repeats(0.89, 0.915, 0.86), false, { method: "Welch's t-test", n: 3 }],
  ["more seeds than before", repeats(0.89, 0.915, 0.86), five, false, { method: "Welch's t-test", n: 3 }],
  [
    "one repeat against many",
    { ...five, stderr: 0.01 },
    { ...repeats(0.9), stderr: 0.01 },
    false,
    { method: "Welch's t-test" },
  ],
  ["one standard error", { value: 0.9, stderr: 0.01 }, { value: 0.8 }, true, { inconclusive: "not-supported" }],
  ["the other standard error", { value: 0.9 }, { value: 0.8, stderr: 0.01 }, true, { inconclusive: "not-supported" }],
  ["errors and n", { value: 0.9, stderr: 0.01, n: 5 }, { value: 0.8, stderr: 0.01, n: 4 }, true, { n: 4 }],
  ["NaN", { value: Number.NaN, n: 100 }, { value: 0.8, n: 100 }, true, { inconclusive: "not-finite" }],
])("summaries: %s", ([, candidate, baseline, isShare, expected]) => {
  expect(compareSummaries(candidate, baseline, isShare)).toMatchObject(expected);
});

const file = (right: (at: number) => boolean, n = 200): string =>
  `id,label,prediction\n${Array.from({ length: n }, (_, at) => `c${at},1,${right(at) ? 1 : 0}`).join("\n")}\n`;
const align = (candidate: string, baseline: string) =>
  alignPredictions(readPredictions(candidate, "candidate.csv"), readPredictions(baseline, "baseline.csv"));
const history = Array.from({ length: 20 }, (_, at) => 0.9 + 0.01 * Math.sin(at * 2));
const accuracy = { caseMetric: { statistic: "accuracy" } } as const;
const levels = { alpha: 0.05, power: 0.8, correction: "holm" } as const;
const judge = (evidence: Evidence) =>
  judgeChange(
    {
      comparisons: compareEvidence(evidence, { minRuns: 10, random: randomOf("evidence") }),
      rule: { better: "higher" },
    },
    levels,
  );

const worse = align(
  file((at) => at % 4 > 0),
  file((at) => at % 10 > 0),
);

test.for<[string, Evidence, object]>([
  [
    "predictions before all others",
    { ...accuracy, candidate: { value: 0.75 }, baseline: { value: 0.9 }, predictions: worse, history },
    { outcome: "fail", kind: "predictions", method: "exact McNemar test", n: 200 },
  ],
  [
    "predictions of another model do not count",
    { ...accuracy, candidate: { value: 0.9 }, baseline: { value: 0.9 }, predictions: worse, history },
    {
      outcome: "pass",
      kind: "history",
      passedOver: ["predictions: the candidate's predictions give 0.75, its metrics say 0.9"],
    },
  ],
  [
    "history without a baseline",
    { candidate: { value: 0.8 }, history },
    { outcome: "fail", kind: "history", method: "noise of earlier runs", n: 20 },
  ],
  [
    "too little history, but standard errors",
    { candidate: { value: 0.9, stderr: 0.01 }, baseline: { value: 0.9, stderr: 0.01 }, history: [0.9, 0.91] },
    { outcome: "pass", kind: "summaries", passedOver: ["history: it takes 8 more runs to learn the noise"] },
  ],
  [
    "added cases are no reason to doubt the predictions",
    {
      ...accuracy,
      candidate: { value: 0.5 },
      baseline: { value: 0.9 },
      predictions: align(
        file((at) => at < 200 && at % 10 > 0, 400),
        file((at) => at % 10 > 0),
      ),
    },
    { outcome: "pass", kind: "predictions", method: "exact McNemar test" },
  ],
  [
    "an error rate is a share",
    { caseMetric: { statistic: "error-rate" }, candidate: { value: 0.1, n: 100 }, baseline: { value: 0.1, n: 100 } },
    { outcome: "pass", kind: "summaries", method: "z-test of two shares" },
  ],
  [
    "an F1 score is none",
    { caseMetric: { statistic: "f1" }, candidate: { value: 0.1, n: 100 }, baseline: { value: 0.1, n: 100 } },
    { outcome: "inconclusive", reason: "not-supported" },
  ],
  [
    "cases that are gone never pass",
    {
      ...accuracy,
      candidate: { value: 1 },
      baseline: { value: 1 },
      predictions: align(
        file(() => true, 150),
        file(() => true),
      ),
      history,
    },
    {
      outcome: "inconclusive",
      reason: "missing-results",
      detail: "50 cases have no result: left out, or the run broke",
    },
  ],
  [
    "files that cannot be compared, and nothing else",
    {
      ...accuracy,
      candidate: { value: 1 },
      baseline: { value: 1 },
      predictions: inconclusive("not-comparable", "no id in common"),
    },
    { outcome: "inconclusive", reason: "not-comparable", detail: "predictions: no id in common" },
  ],
])("%s", ([, evidence, expected]) => {
  expect(judge(evidence)).toMatchObject(expected);
});

test("ten thousand cases are decided in no time that anybody sees, and always the same", () => {
  const predictions = align(
    file((at) => at % 9 > 0, 10_000),
    file((at) => at % 10 > 0, 10_000),
  );
  expect(sure(predictions).pairs).toHaveLength(10_000);
  const run = () =>
    judge({ caseMetric: { statistic: "f1" }, candidate: { value: 0.941 }, baseline: { value: 0.947 }, predictions });
  expect(run()).toMatchObject({ kind: "predictions", method: "paired permutation test" });
  expect(run()).toEqual(run());
});
