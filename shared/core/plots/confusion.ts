/** A confusion matrix: as pairs, one for each example, or as the table of its counts. */
import { userError } from "../../problem/problem.ts";
import type { ConfusionMatrix, PlotTable } from "./plot.ts";

/** More are not read by anybody. */
const MAX_CLASSES = 100;

/** Whether it has the columns that DVC and others call so. */
export const isPairs = ({ header }: PlotTable): boolean => header.includes("actual") && header.includes("predicted");

/** Whether the first column repeats the header, and all else are counts. */
export const isSquare = ({ header: [, ...labels], rows }: PlotTable): boolean =>
  rows.length === labels.length &&
  rows.every(({ cells: [label, ...counts] }, at) => label === labels[at] && counts.every((cell) => COUNT.test(cell)));

const COUNT = /^\d{1,15}$/;

/** @throws ActionError `plot-unreadable` */
export function readPairs({ file, header, rows }: PlotTable): ConfusionMatrix {
  const [actual, predicted] = [header.indexOf("actual"), header.indexOf("predicted")];
  const pairs = rows.map(({ cells }) => [cells[actual] ?? "", cells[predicted] ?? ""] as const);
  const labels = [...new Set(pairs.flat())].sort(byNumberOrName);
  assertFewClasses(labels.length, file);
  const places = new Map(labels.map((label, at) => [label, at]));
  const counts = labels.map(() => labels.map(() => 0));
  for (const [of, as] of pairs) {
    const row = counts[places.get(of) ?? -1];
    const column = places.get(as) ?? -1;
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1;
  }
  return { kind: "confusion", title: titleOf(file), file, labels, counts };
}

/** @param table for which `isSquare` holds */
export function readMatrix({ file, header: [, ...labels], rows }: PlotTable): ConfusionMatrix {
  assertFewClasses(labels.length, file);
  const counts = rows.map(({ cells: [, ...cells] }) => cells.map(Number));
  return { kind: "confusion", title: titleOf(file), file, labels, counts };
}

/** @param matrix rows of counts, from JSON. @param labels one for each row; without them, numbers from 0 */
export function toMatrix(matrix: readonly unknown[], labels: unknown, file: string): ConfusionMatrix {
  const rows = matrix.filter(isCounts).filter(({ length }) => length === matrix.length);
  const names = labels === undefined ? matrix.map((_, at) => String(at)) : labels;
  if (rows.length !== matrix.length || !isNames(names) || names.length !== matrix.length) {
    throw userError({
      code: "plot-unreadable",
      message: "its matrix is not square, has something that is not a count, or not one label for each row",
      place: { file },
      fix: 'Write for example {"labels": ["no", "yes"], "matrix": [[8, 2], [1, 9]]}, a row for each actual class',
    });
  }
  assertFewClasses(names.length, file);
  return { kind: "confusion", title: titleOf(file), file, labels: names.map(String), counts: rows };
}

const isCounts = (row: unknown): row is readonly number[] =>
  Array.isArray(row) && row.every((count) => Number.isSafeInteger(count) && count >= 0);

const isNames = (labels: unknown): labels is readonly (string | number)[] =>
  Array.isArray(labels) && labels.length > 0 && labels.every((label) => ["string", "number"].includes(typeof label));

const byNumberOrName = (a: string, b: string): number => Number(a) - Number(b) || (a < b ? -1 : 1);

/** `plots/confusion.csv` is `confusion`. */
const titleOf = (file: string): string => file.replace(/^.*\//, "").replace(/\.\w+$/, "");

function assertFewClasses(classes: number, file: string): void {
  if (classes <= MAX_CLASSES) return;
  throw userError({
    code: "plot-unreadable",
    message: `it has ${classes} classes, more than ${MAX_CLASSES}`,
    place: { file },
    fix: "Draw fewer classes, or let the columns actual and predicted be classes and not measurements",
  });
}
