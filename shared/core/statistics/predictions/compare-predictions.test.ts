/** Metrics from predictions against scikit-learn (test/reference/statistics/predictions.py), and which test compares them. */
import { describe, expect, test } from "vitest";
import { readReference, relativeError } from "../../../../test/reference/statistics/reference.ts";
import { randomOf, sure } from "../testing.ts";
import { alignPredictions } from "./align-predictions.ts";
import { CASE_STATISTICS, type CaseStatistic, findCaseStatistic } from "./case-statistic.ts";
import { comparePredictions, type PredictionComparison } from "./compare-predictions.ts";
import { readPredictions } from "./read-predictions.ts";

const reference =
  readReference<
    { name: string; candidate: string; baseline: string; values: Partial<Record<CaseStatistic, [number, number]>> }[]
  >("predictions");

function compare(statistic: CaseStatistic, candidate: string, baseline: string): PredictionComparison {
  const files = [candidate, baseline].map((text) => readPredictions(text, "predictions.csv"));
  return comparePredictions({ statistic }, sure(alignPredictions(files[0] ?? [], files[1] ?? [])), randomOf(statistic));
}

describe("agrees with scikit-learn to 12 digits:", () => {
  test.for(reference.flatMap((file) => Object.entries(file.values).map(([key, values]) => ({ ...file, key, values }))))(
    "$name $key",
    ({ key, values: [candidate, baseline], ...files }) => {
      const { values, result, missing } = compare(key as CaseStatistic, files.candidate, files.baseline);
      expect(relativeError(values?.candidate ?? Number.NaN, candidate)).toBeLessThan(1e-12);
      expect(relativeError(values?.baseline ?? Number.NaN, baseline)).toBeLessThan(1e-12);
      expect(Math.abs(sure(result).difference - (candidate - baseline))).toBeLessThan(1e-12);
      expect(missing).toBe(0);
    },
  );
});

describe("influences say the same as resampling, where both apply:", () => {
  const [plain] = reference;
  test.for(["f1", "precision", "recall", "macro-f1", "accuracy", "auc", "brier"] as const)("%s", (statistic) => {
    const [candidate = "", baseline = ""] = [plain?.candidate, plain?.baseline];
    const resampled = sure(compare(statistic, candidate, baseline).result);
    const weigh = (text: string): string =>
      text.replaceAll(/^(.+)$/gm, (row) => `${row},${row.startsWith("id") ? "cluster" : row.split(",", 1)[0]}`);
    const clustered = sure(compare(statistic, weigh(candidate), weigh(baseline)).result);
    expect(clustered.method).toBe("t-test with clustered standard error");
    const [a, b] = [resampled.interval(0.95), clustered.interval(0.95)];
    expect(Math.abs(a.low - b.low)).toBeLessThan(0.15 * (a.high - a.low));
    expect(Math.abs(a.high - b.high)).toBeLessThan(0.15 * (a.high - a.low));
  });
});

const rows = (n: number, row: (at: number) => string, header = "id,label,prediction,score"): string =>
  `${header}\n${Array.from({ length: n }, (_, at) => row(at)).join("\n")}\n`;
const good = rows(60, (at) => `c${at},${at % 2},${at % 5 === 0 ? 0 : at % 2},0.${10 + at}`);

test.for<[string, CaseStatistic, string, string, object]>([
  ["right or wrong", "accuracy", good.replace("c1,1,1", "c1,1,0"), good, { result: { method: "exact McNemar test" } }],
  [
    "scores of many cases",
    "mean-score",
    good.replace("0.10", "0.50"),
    good,
    { result: { method: "paired permutation test" } },
  ],
  ["ranks", "auc", good.replace("0.69", "0.05"), good, { result: { method: "DeLong's test" } }],
  ["classes", "f1", good.replace("c1,1,1", "c1,1,0"), good, { result: { method: "paired permutation test" } }],
  ["the same answers", "f1", good, good, { result: { method: "identical results", difference: 0 } }],
  ["a root", "rmse", good.replace("c1,1,1", "c1,1,0"), good, { result: { method: "paired t-test of influences" } }],
  ["an error is no wrong answer", "accuracy", good.replace("c1,1,1", "c1,1,"), good, { missing: 1, values: { n: 59 } }],
  ["a case that is gone", "accuracy", good.replace(/^c7.*\n/m, ""), good, { missing: 1 }],
  ["a baseline without result", "accuracy", good, good.replace("c1,1,1", "c1,1,"), { missing: 0, values: { n: 59 } }],
  [
    "no score anywhere",
    "auc",
    "id,label,prediction\na,1,1\n",
    "id,label,prediction\na,1,1\n",
    { result: { inconclusive: "not-supported" } },
  ],
  [
    "no positive class",
    "f1",
    "id,label,prediction\na,cat,cat\n",
    "id,label,prediction\na,cat,dog\n",
    { result: { inconclusive: "not-supported" } },
  ],
  [
    "one class only",
    "auc",
    "id,label,score\na,1,1\nb,1,0\n",
    "id,label,score\na,1,0\nb,1,1\n",
    { result: { inconclusive: "too-few" } },
  ],
  [
    "no weight at all",
    "accuracy",
    "id,label,prediction,weight\na,1,1,0\n",
    "id,label,prediction,weight\na,1,0,0\n",
    { result: { inconclusive: expect.any(String) } },
  ],
])("%s", ([, statistic, candidate, baseline, expected]) => {
  expect(compare(statistic, candidate, baseline)).toMatchObject(expected);
});

test("tries of one case count as one case with a share", () => {
  const header = "id,repeat,label,prediction";
  const tries = (right: (at: number, repeat: number) => boolean): string =>
    `${header}\n${Array.from({ length: 20 }, (_, at) => [0, 1, 2, 3, 4].map((repeat) => `c${at},${repeat},1,${right(at, repeat) ? 1 : 0}`).join("\n")).join("\n")}\n`;
  const { result, values } = compare(
    "accuracy",
    tries((at, repeat) => repeat < at % 4),
    tries((_, repeat) => repeat < 3),
  );
  expect(values).toEqual({ candidate: expect.closeTo(0.3, 12), baseline: expect.closeTo(0.6, 12), n: 20 });
  expect(sure(result)).toMatchObject({ method: "paired permutation test", n: 20 });
  expect(sure(result).pLower).toBeLessThan(0.001);
  const broken = tries(() => true).replace("c3,2,1,1", "c3,2,1,");
  expect(
    compare(
      "accuracy",
      broken,
      tries(() => true),
    ),
  ).toMatchObject({ missing: 1, values: { n: 19 } });
});

test.for<[string, CaseStatistic | undefined]>([
  ["accuracy", "accuracy"],
  ["val_acc", "accuracy"],
  ["eval/f1_macro", "macro-f1"],
  ["macroF1", "macro-f1"],
  ["test_f1_score", "f1"],
  ["roc_auc", "auc"],
  ["valAUC", "auc"],
  ["pr_auc", undefined],
  ["balanced_accuracy", undefined],
  ["precision_weighted", undefined],
  ["RMSE", "rmse"],
  ["val_mse", "mse"],
  ["log_loss", "log-loss"],
  ["error_rate", "error-rate"],
  ["latency_p95", undefined],
  ["inaccuracy", undefined],
])("the metric %s is %s", ([name, statistic]) => {
  expect(findCaseStatistic(name)).toBe(statistic);
});

test("every statistic has a reference or is tested here", () => {
  const covered = new Set([...Object.keys(reference[0]?.values ?? {}), "error-rate", "mse", "mean-score"]);
  expect(CASE_STATISTICS.filter((statistic) => !covered.has(statistic))).toEqual([]);
  const wrong = compare("error-rate", good.replace("c1,1,1", "c1,1,0"), good).values;
  expect(wrong?.candidate).toBeCloseTo((wrong?.baseline ?? 0) + 1 / 60, 12);
  expect(compare("mse", good.replace("c1,1,1", "c1,1,3"), good).result).toMatchObject({
    difference: expect.closeTo(4 / 60, 12),
  });
});

test("the error of a root is that of leaving out one case at a time", () => {
  const [plain] = reference;
  const lines = (text = ""): string[] => text.trimEnd().split("\n");
  const [now, before] = [lines(plain?.candidate), lines(plain?.baseline)];
  const differences = now.slice(1).map((_, at) => {
    const [a, b] = [now, before].map((all) => all.toSpliced(at + 1, 1).join("\n"));
    return sure(compare("rmse", a ?? "", b ?? "").result).difference;
  });
  const n = differences.length;
  const mean = differences.reduce((sum, value) => sum + value / n, 0);
  const stderr = Math.sqrt(((n - 1) / n) * differences.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  const { low, high } = sure(compare("rmse", plain?.candidate ?? "", plain?.baseline ?? "").result).interval(0.95);
  expect(relativeError((high - low) / 2 / 1.968, stderr)).toBeLessThan(0.01);
});

test("identical answers of one cluster are as good as one case", () => {
  const text = rows(40, (at) => `c${at},1,1,0.5,d${at % 8}`, "id,label,prediction,score,cluster");
  for (const statistic of ["accuracy", "macro-f1", "mean-score"] as const) {
    expect(sure(compare(statistic, text, text).result)).toMatchObject({ method: "identical results", n: 8 });
  }
});

test("what identical scores prove depends on how far scores lie apart", () => {
  const of = (scale: number): string => rows(29, (at) => `c${at},${scale * (at % 5)}`, "id,score");
  const [one, ten] = [1, 10].map((scale) => sure(compare("mean-score", of(scale), of(scale)).result).interval(0.9));
  expect(one?.high).toBeCloseTo(4 * (1 - 0.05 ** (1 / 29)), 12);
  expect(ten?.high).toBeCloseTo(10 * (one?.high ?? 0), 12);
  const equal = rows(29, (at) => `c${at},3`, "id,score");
  expect(sure(compare("mean-score", equal, equal).result).interval(0.9).high).toBeCloseTo(1 - 0.05 ** (1 / 29), 12);
});

/** The baseline is always right, the candidate never, on every case alike. */
const [always, never] = ["1", "0"].map((right) =>
  rows(40, (at) => `c${at},${at % 2},${at % 2 === Number(right) ? 0 : 1},${at % 2 === Number(right) ? 0.1 : 0.9}`),
) as [string, string];

test.for(["accuracy", "f1", "recall", "auc", "brier", "mean-score", "rmse", "log-loss"] as const)(
  "a model that collapsed is told although nothing varies: %s",
  (statistic) => {
    const shifted = statistic === "mean-score" ? always.replaceAll(/0\.(\d)$/gm, "0.0$1") : never;
    const estimate = sure(compare(statistic, shifted, always).result);
    expect(Math.min(estimate.pLower, estimate.pHigher)).toBeLessThan(0.001);
    const { low, high } = estimate.interval(0.95);
    expect(Math.min(Math.abs(low), Math.abs(high))).toBeGreaterThan(0);
  },
);

test("a score that is no probability is no result", () => {
  const scored = (score: string): string => `id,label,score\na,1,${score}\nb,1,0\nc,0,1\nd,0,0.5\n`;
  expect(compare("brier", scored("1"), scored("0.5"))).toMatchObject({
    missing: 0,
    values: { n: 4, candidate: 0.5625 },
  });
  expect(compare("brier", scored("1.1"), scored("0.5"))).toMatchObject({ missing: 1, values: { n: 3 } });
  expect(compare("brier", scored("-0.1"), scored("0.5"))).toMatchObject({ missing: 1, values: { n: 3 } });
});
