/** Metrics that are the mean of a value of each case. */
import type { CaseResult } from "./case-result.ts";
import type { CaseStatistic } from "./case-statistic.ts";

export type MeanStatistic = Exclude<CaseStatistic, "rmse" | "f1" | "precision" | "recall" | "macro-f1" | "auc">;

/** Probabilities nearer to 0 or 1 are moved there, as scikit-learn does for doubles. */
const LEAST_PROBABILITY = 2 ** -52;

export interface CaseTruth {
  readonly label: string | undefined;
  /** The label of the positive class. */
  readonly positive: string;
}

/** `undefined`: the row has not what it takes. */
type ValueOf = (result: CaseResult, truth: CaseTruth) => number | undefined;

const right: ValueOf = ({ prediction }, { label }) =>
  prediction === undefined || label === undefined ? undefined : Number(prediction === label);

const errorOf = (result: CaseResult, { label }: CaseTruth): number | undefined => {
  if (result.prediction === undefined || label === undefined) return undefined;
  const error = Number(result.prediction) - Number(label);
  return Number.isFinite(error) ? error : undefined;
};

const map = (value: number | undefined, compute: (known: number) => number): number | undefined =>
  value === undefined ? undefined : compute(value);

/** The probability that the model gave to what is true. */
const probabilityOf: ValueOf = ({ score }, { label, positive }) =>
  score === undefined || label === undefined || !(score >= 0 && score <= 1)
    ? undefined
    : label === positive
      ? score
      : 1 - score;

const VALUES: Readonly<Record<MeanStatistic, ValueOf>> = {
  accuracy: right,
  "error-rate": (result, truth) => map(right(result, truth), (value) => 1 - value),
  "mean-score": ({ score }) => score,
  mae: (result, truth) => map(errorOf(result, truth), Math.abs),
  mse: (result, truth) => map(errorOf(result, truth), (error) => error * error),
  brier: (result, truth) => map(probabilityOf(result, truth), (probability) => (1 - probability) ** 2),
  "log-loss": (result, truth) =>
    map(probabilityOf(result, truth), (probability) => -Math.log(Math.max(LEAST_PROBABILITY, probability))),
};

/** The mean over the tries of a case: a judge that says yes in three of five counts as 0.6. */
export function valueOfCase(
  statistic: MeanStatistic,
  results: readonly CaseResult[],
  truth: CaseTruth,
): number | undefined {
  let sum = 0;
  for (const result of results) {
    const value = result.error === undefined ? VALUES[statistic](result, truth) : undefined;
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum / results.length;
}
