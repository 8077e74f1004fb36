/** Which statistic of the cases a metric is: by its name, or as the policy says. */

/**
 * - `accuracy` and `error-rate`: the share of cases that are right or wrong.
 * - `mean-score`: the mean of a column of scores, such as a judge's.
 * - `mae`, `mse`, `rmse`: errors of predicted values; `brier`, `log-loss`: of the score as a probability.
 * - `f1`, `precision`, `recall`: of the positive class; `macro-f1`: the mean over all classes.
 * - `auc`: the area under the ROC curve of the score.
 */
export const CASE_STATISTICS = [
  "accuracy",
  "error-rate",
  "mean-score",
  "mae",
  "mse",
  "rmse",
  "brier",
  "log-loss",
  "f1",
  "precision",
  "recall",
  "macro-f1",
  "auc",
] as const;
export type CaseStatistic = (typeof CASE_STATISTICS)[number];

/** The last words of names; the first that fits, so longer ones come before those they end with. */
const NAMES: readonly (readonly [RegExp, CaseStatistic | undefined])[] = [
  [/balanced accuracy$|top \d+ accuracy$/, undefined],
  [/(?:accuracy|acc|exact match|pass rate|success rate|resolve rate)$/, "accuracy"],
  [/(?:error rate|misclassification rate)$/, "error-rate"],
  [/(?:rmse|root mean squared error)$/, "rmse"],
  [/(?:mse|mean squared error)$/, "mse"],
  [/(?:mae|mean absolute error)$/, "mae"],
  [/brier(?: score)?$/, "brier"],
  [/(?:log loss|logloss)$/, "log-loss"],
  [/(?:f1 macro|macro f1)(?: score)?$/, "macro-f1"],
  [
    /(?:micro|weighted|samples) (?:f1|precision|recall)(?: score)?$|(?:f1|precision|recall) (?:micro|weighted|macro)$/,
    undefined,
  ],
  [/(?:macro|average) (?:precision|recall)$/, undefined],
  [/f1(?: score)?$/, "f1"],
  [/precision$/, "precision"],
  [/(?:recall|sensitivity|tpr)$/, "recall"],
  [/(?:pr auc|auc pr)$/, undefined],
  [/(?:auc|auroc|auc roc)$/, "auc"],
  [/(?:mean score|judge score)$/, "mean-score"],
];

/** `eval/f1_macro` is `macro-f1`; `undefined`: cases cannot tell this metric. */
export function findCaseStatistic(metric: string): CaseStatistic | undefined {
  const words = ` ${metric
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, " ")
    .trim()}`;
  return NAMES.find(([name]) => new RegExp(` ${name.source.replaceAll("$|", "$| ")}`).test(words))?.[1];
}
