/** One metric of two models on the same cases, by the test that fits it. */
import type { Estimate } from "../estimate.ts";
import { type Inconclusive, inconclusive, isInconclusive } from "../inconclusive.ts";
import type { Random } from "../random/random.ts";
import type { AlignedPredictions, CasePair } from "./align-predictions.ts";
import type { CaseStatistic } from "./case-statistic.ts";
import { valueOfCase } from "./case-values.ts";
import { compareClasses } from "./compare-classes.ts";
import { compareScores } from "./compare-scores.ts";
import { compareValues } from "./compare-values.ts";
import { findPositive } from "./positive-class.ts";
import { onlyResult, type SideBySide, selectUsable, type UsablePairs } from "./side-by-side.ts";

export interface CaseMetric {
  readonly statistic: CaseStatistic;
  /** The label of the positive class, where it is not plain from the labels. */
  readonly positive?: string;
}

export interface PredictionComparison {
  readonly result: Estimate | Inconclusive;
  /** Cases for which the candidate has no result and the baseline has one. */
  readonly missing: number;
  /** The metric of both sides over the cases that both have; absent when there are none. */
  readonly values?: { readonly candidate: number; readonly baseline: number; readonly n: number };
}

export function comparePredictions(
  { statistic, positive: known }: CaseMetric,
  { pairs, missing }: AlignedPredictions,
  random: Random,
): PredictionComparison {
  const positive = known ?? findPositive(pairs);
  const { lost, n, compare } = prepare(statistic, positive, pairs, random);
  const told = { missing: missing.length + lost };
  if (n === 0) return { ...told, result: inconclusive("not-supported", `no case has what ${statistic} takes`) };
  const side = compare();
  if (isInconclusive(side)) return { ...told, result: side };
  const { candidate, baseline, result } = side;
  if (!Number.isFinite(candidate) || !Number.isFinite(baseline)) {
    return { ...told, result: inconclusive("out-of-range", `the weights of all cases leave no ${statistic}`) };
  }
  return { ...told, result, values: { candidate, baseline, n } };
}

interface Prepared {
  readonly lost: number;
  readonly n: number;
  readonly compare: () => SideBySide | Inconclusive;
}

function prepare(
  statistic: CaseStatistic,
  positive: string | undefined,
  pairs: readonly CasePair[],
  random: Random,
): Prepared {
  const noPositive = inconclusive("not-supported", "which label is the positive class is not known");
  const toPrepared = <Value>(
    { usable, lost }: UsablePairs<Value>,
    compare: (usable: UsablePairs<Value>["usable"]) => SideBySide | Inconclusive,
  ): Prepared => ({ lost, n: usable.length, compare: () => compare(usable) });
  switch (statistic) {
    case "f1":
    case "precision":
    case "recall":
    case "macro-f1":
      return toPrepared(
        selectUsable(pairs, (results, { label }) =>
          label === undefined ? undefined : onlyResult(results)?.prediction,
        ),
        (usable) =>
          positive === undefined && statistic !== "macro-f1"
            ? noPositive
            : compareClasses(statistic, positive ?? "", usable, random),
      );
    case "auc":
      return toPrepared(
        selectUsable(pairs, (results, { label }) => (label === undefined ? undefined : onlyResult(results)?.score)),
        (usable) => (positive === undefined ? noPositive : compareScores(positive, usable)),
      );
    default: {
      if (positive === undefined && (statistic === "brier" || statistic === "log-loss")) {
        return { lost: 0, n: pairs.length, compare: () => noPositive };
      }
      const ofCase = statistic === "rmse" ? "mse" : statistic;
      return toPrepared(
        selectUsable(pairs, (results, { label }) => valueOfCase(ofCase, results, { label, positive: positive ?? "" })),
        (usable) => compareValues(statistic, usable, random),
      );
    }
  }
}
