/** Metrics in CSV: long (`metric,value[,slice]`, one per row) or wide (one column per metric, one row or one per slice). */
import { userError } from "../../problem/problem.ts";
import { type CsvErrorCode, CsvReader } from "../../text/csv/csv-reader.ts";
import { quoteText } from "../../text/document/document.ts";
import type { ParsedMetric } from "./parsed-metric.ts";

/**
 * Columns of a long table other than metric, value and slice are ignored: two rows that differ only in these are
 * duplicates.
 *
 * @throws ActionError `metrics-not-csv`, `metrics-not-a-number`, `metrics-too-many-rows`
 */
export function readCsvMetrics(text: string, file: string): readonly ParsedMetric[] {
  const [header, ...rows] = readRows(text, file);
  if (header === undefined) return [];
  const names = header.cells.map((cell) => cell.toLowerCase());
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw notCsv(`the column ${quoteText(repeated)} appears twice`, header, file);
  for (const row of rows) {
    if (row.cells.length === names.length) continue;
    throw notCsv(`the header has ${names.length} columns, and this row has ${row.cells.length}`, row, file);
  }
  const isLong = names.includes("value") && (names.includes("metric") || names.includes("name"));
  return isLong ? readLong(names, rows, file) : readWide(header.cells, rows, file);
}

interface Row {
  /** From 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A quote inside a cell without quotes is harmless here: it can only be part of a name. */
const ERRORS: Readonly<Partial<Record<CsvErrorCode, string>>> = {
  "text-after-quote": "text follows the closing quote of a cell",
  "bare-carriage-return": "a carriage return is not followed by a line feed",
  "unclosed-quote": "a quote is not closed",
  "record-too-long": "a row is too long",
};

/** Blank lines are left out; cells are trimmed, as some tools pad them with spaces. */
function readRows(text: string, file: string): readonly Row[] {
  const rows: Row[] = [];
  const reader = new CsvReader(
    { delimiter: detectSeparator(text), padded: true },
    {
      onRecord({ width, cells, line }) {
        const trimmed = cells.slice(0, width).map((cell) => cell.trim());
        if (trimmed.length > 1 || trimmed[0] !== "") rows.push({ line, cells: trimmed });
      },
      onError(code, line) {
        const message = ERRORS[code];
        if (message === undefined) return;
        const fix = "Close the quote, double a quote inside a cell, and end lines with a line feed";
        throw userError({ code: "metrics-not-csv", message, place: { file, line }, fix });
      },
    },
  );
  reader.push(text.startsWith("\uFEFF") ? text.slice(1) : text);
  reader.end();
  return rows;
}

/** The header decides; with a semicolon numbers may have a decimal comma, which is then refused as not a number. */
function detectSeparator(text: string): string {
  const header = text.slice(0, (text.indexOf("\n") + 1 || text.length + 1) - 1);
  return ["\t", ";"].find((candidate) => header.includes(candidate)) ?? ",";
}

function readLong(names: readonly string[], rows: readonly Row[], file: string): readonly ParsedMetric[] {
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

function readWide(header: readonly string[], rows: readonly Row[], file: string): readonly ParsedMetric[] {
  const slice = header.findIndex((cell) => cell.toLowerCase() === "slice");
  const [, second] = rows;
  if (slice < 0 && second !== undefined) {
    throw userError({
      code: "metrics-too-many-rows",
      message: `there are ${rows.length} rows, and nothing says which of them is the result`,
      place: { file, line: second.line },
      fix: 'Write the final row only, or add a column "slice"',
    });
  }
  return rows.flatMap((row) =>
    header.flatMap((name, column): readonly ParsedMetric[] => {
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
  throw userError({
    code: "metrics-not-a-number",
    message: cell === "" ? "a value is missing" : `${quoteText(cell)} is not a finite number`,
    place: { file, line },
    fix: "Write finite numbers with a decimal point, and find out why this is not one",
  });
}

const notCsv = (message: string, { line }: Row, file: string): Error =>
  userError({ code: "metrics-not-csv", message, place: { file, line }, fix: "Write one cell for each column" });
