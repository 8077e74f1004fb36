/** `sklearn.metrics.classification_report(output_dict=True)`: classes are slices, averages and accuracy are about everything. */
import { type FoundValue, isFiniteNumber, isObject, type MetricFormat, valueAt } from "./format.ts";
import { flatten } from "./nested.ts";
import { findColumn, foundAt, type Row, type Table, textAt } from "./rows.ts";

const STATISTICS = ["precision", "recall", "f1-score", "support"] as const;

export const classificationReport: MetricFormat = {
  name: "scikit-learn classification_report",
  recognises: (value) =>
    ["macro avg", "weighted avg"].every((key) =>
      ["f1-score", "support"].every((part) => valueAt(value, key, part) !== undefined),
    ),
  read(source) {
    if (!isObject(source.value)) return [];
    return Object.entries(source.value).flatMap(([key, part]) => {
      if (
        isAccuracy(
          key,
          STATISTICS.map((statistic) => valueAt(part, statistic)),
        )
      ) {
        return flatten(source, valueAt(part, "precision"), [key]);
      }
      const isClass = isObject(part) && !isAverage(key);
      const values = flatten(source, part, [key], isClass ? 1 : 0, isClass ? key : null);
      return values.map((value) => ({ ...value, ...support(valueAt(part, "support")) }));
    });
  },
};

const isAverage = (label: string): boolean => label.endsWith(" avg");

/** A frame repeats the accuracy for each statistic. */
const isAccuracy = (label: string, values: readonly unknown[]): boolean =>
  label === "accuracy" && isFiniteNumber(values[0]) && values.every((value) => value === values[0]);

const support = (n: unknown): { readonly n?: number } =>
  isFiniteNumber(n) && Number.isInteger(n) && n >= 0 ? { n } : {};

/** The report as a pandas frame, either way round. */
export function reportFrame(table: Table): readonly FoundValue[] | undefined {
  const labels = table.rows.map((row) => textAt(row, 0));
  if (labels.includes("macro avg") && STATISTICS.every((name) => table.columns.includes(name))) {
    const columns = STATISTICS.map((name) => findColumn(table, name));
    return table.rows.flatMap((row) =>
      readLabel(
        table,
        textAt(row, 0),
        columns.map((at) => ({ row, at })),
      ),
    );
  }
  if (!table.columns.includes("macro avg") || !STATISTICS.every((name, at) => labels[at] === name)) return undefined;
  return table.columns.flatMap((label, at) =>
    at === 0
      ? []
      : readLabel(
          table,
          label,
          table.rows.map((row) => ({ row, at })),
        ),
  );
}

function readLabel(table: Table, label: string, cells: readonly { row: Row; at: number }[]): readonly FoundValue[] {
  const values = cells.map(({ row, at }) => foundAt(table, row, at));
  const [first, last] = [values[0], values.at(-1)];
  const [f1] = values.slice(2);
  // As it is printed: below the F1 score, with nothing below the others.
  if (label === "accuracy" && first?.value === undefined && f1 !== undefined) {
    return [{ ...f1, name: label, ...support(last?.value) }];
  }
  if (
    first !== undefined &&
    isAccuracy(
      label,
      values.map(({ value }) => value),
    )
  )
    return [{ ...first, name: label }];
  return values.map((value, at) => ({
    ...value,
    name: isAverage(label) ? `${label}.${STATISTICS[at]}` : String(STATISTICS[at]),
    slice: isAverage(label) ? null : label,
    ...support(last?.value),
  }));
}
