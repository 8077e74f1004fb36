/** Metrics in CSV: long (`metric,value[,slice]`, one a row) or wide (one column a metric, one row, or one a slice). */
import { mistake } from "../../action/problem.ts";
import { quote } from "../document/document.ts";
import { type Row, readTable } from "./csv-table.ts";
import type { Measured } from "./measured.ts";

/**
 * Columns of a long table beyond metric, value and slice are passed over: what tells two rows apart only by them is a
 * duplicate.
 *
 * @throws ActionFailure `metrics-not-csv`, `metrics-not-a-number`, `metrics-too-many-rows`
 */
export function readCsvMetrics(text: string, file: string): readonly Measured[] {
  const [header, ...rows] = readTable(text, file);
  if (header === undefined) return [];
  const names = header.cells.map((cell) => cell.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw notCsv(`the column ${quote(twice)} is here twice`, header, file);
  for (const row of rows) {
    if (row.cells.length === names.length) continue;
    throw notCsv(`the header has ${names.length} columns, and this row ${row.cells.length}`, row, file);
  }
  const isLong = names.includes("value") && (names.includes("metric") || names.includes("name"));
  return isLong ? readLong(names, rows, file) : readWide(header.cells, rows, file);
}

function readLong(names: readonly string[], rows: readonly Row[], file: string): readonly Measured[] {
  const metric = names.includes("metric") ? names.indexOf("metric") : names.indexOf("name");
  const value = names.indexOf("value");
  const slice = names.indexOf("slice");
  return rows.map((row) => ({
    name: row.cells[metric] ?? "",
    slice: row.cells[slice] || null,
    value: toNumber(row.cells[value] ?? "", row, file),
    place: () => ({ file, line: row.line }),
  }));
}

function readWide(header: readonly string[], rows: readonly Row[], file: string): readonly Measured[] {
  const slice = header.findIndex((cell) => cell.toLowerCase() === "slice");
  const [, second] = rows;
  if (slice < 0 && second !== undefined) {
    throw mistake({
      code: "metrics-too-many-rows",
      message: `there are ${rows.length} rows, and nothing says which of them is the result`,
      place: { file, line: second.line },
      fix: 'Write the final row only, or add a column "slice"',
    });
  }
  return rows.flatMap((row) =>
    header.flatMap((name, column): readonly Measured[] => {
      if (column === slice) return [];
      const value = toNumber(row.cells[column] ?? "", row, file);
      return [{ name, slice: row.cells[slice] || null, value, place: () => ({ file, line: row.line }) }];
    }),
  );
}

/** As programs print numbers; JavaScript alone would read an empty cell as 0 and `0x1F` as 31. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function toNumber(cell: string, { line }: Row, file: string): number {
  const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw mistake({
    code: "metrics-not-a-number",
    message: cell === "" ? "a value is missing" : `${quote(cell)} is not a finite number`,
    place: { file, line },
    fix: "Write finite numbers with a decimal point, and find out why there is none here",
  });
}

const notCsv = (message: string, { line }: Row, file: string): Error =>
  mistake({ code: "metrics-not-csv", message, place: { file, line }, fix: "Write one cell for each column" });
