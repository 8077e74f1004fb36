/** Searches over parameters: scikit-learn's and Optuna's. */
import { type FoundValue, isFiniteNumber } from "./format.ts";
import { findColumn, foundAt, numberAt, type Table, textAt } from "./rows.ts";

const RANK = /^rank_test_(.+)$/;

/** scikit-learn's `cv_results_`: the candidate that is first by all its scores, if there is one. */
export function readSearch(table: Table): readonly FoundValue[] | undefined {
  const ranks = table.columns.flatMap((name, at) => (RANK.test(name) ? [at] : []));
  if (ranks.length === 0) return undefined;
  const best = table.rows.find((row) => ranks.every((at) => numberAt(table, row, at) === 1));
  if (best === undefined) return undefined;
  return table.columns.flatMap((name, at) =>
    /^(?:mean|std|split\d+)_(?:test|train|fit|score)_/.test(name) && best.cells.at(at) !== undefined
      ? [foundAt(table, best, at)]
      : [],
  );
}

/** Optuna's `trials_dataframe()`: which direction is better it does not say, and so both ends are shown. */
export function readTrials(table: Table): readonly FoundValue[] | undefined {
  const [number, state, value] = ["number", "state", "value"].map((name) => findColumn(table, name));
  if (number === undefined || state === undefined || value === undefined) return undefined;
  if (number < 0 || state < 0 || value < 0) return undefined;
  const complete = table.rows.filter((row) => /^(?:TrialState\.)?COMPLETE$/.test(textAt(row, state)));
  const values = complete.map((row) => numberAt(table, row, value)).filter(isFiniteNumber);
  const place = () => table.rows[0]?.placeOf(value) ?? { file: "" };
  const count = { name: "trials.complete", value: complete.length, place };
  if (values.length === 0) return [count];
  const [min, max] = values.reduce(
    ([low, high], one) => [Math.min(low, one), Math.max(high, one)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return [{ name: "value.min", value: min, place }, { name: "value.max", value: max, place }, count];
}
