/**
 * Tables: long (`metric,value[,slice]`, one a row), wide (a column for each metric, one row or one for each slice), logs with a
 * row for each epoch, and what pandas writes with an index.
 */
import { userError } from "../../../problem/problem.ts";
import type { CsvErrorCode } from "../../../text/csv/csv-format.ts";
import { CsvReader } from "../../../text/csv/csv-reader.ts";
import { quoteText } from "../../../text/document/document.ts";
import { type FoundValue, isFiniteNumber } from "./format.ts";
import { isBookkeeping } from "./nested.ts";

/**
 * Of a log the last row counts. Columns of a long table other than metric, value, slice, n, stderr, unit, step and seed are
 * ignored: two rows that differ only in these are one metric twice.
 *
 * @throws ActionError `metrics-not-csv`, `metrics-too-many-rows`
 */
export function readTable(written: string, file: string): readonly FoundValue[] {
  // Excel's own line; it stays as a blank one, so that line numbers are those of the file.
  const text = written.replace(/^\uFEFF?sep=[,;\t]\r?\n/i, "\n");
  const [header, ...rows] = readRows(text, file);
  if (header === undefined) return [];
  const names = header.cells.map((cell) => cell.toLowerCase());
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw notCsv(`the column ${quoteText(repeated)} appears twice`, header, file);
  for (const row of rows) {
    if (row.cells.length === names.length) continue;
    throw notCsv(`the header has ${names.length} columns, and this row has ${row.cells.length}`, row, file);
  }
  const table: Table = { header: header.cells, names, rows, file };
  if (names.includes("value") && (names.includes("metric") || names.includes("name"))) return readLong(table);
  if (names[0] === "" && names.length > 1) return readIndexed(table);
  if (names.includes("slice")) return rows.flatMap((row) => readRow(table, row));
  if (names.includes("number") && names.includes("state") && names.includes("value")) return readTrials(table);
  if (isLog(table)) return readLog(table);
  const [, second] = rows;
  if (second === undefined) return rows.flatMap((row) => readRow(table, row));
  throw userError({
    code: "metrics-too-many-rows",
    message: `there are ${rows.length} rows, and nothing says which of them is the result`,
    place: { file, line: second.line },
    fix: 'Write the final row only, or add a column "slice", or "epoch" for a log',
  });
}

const STEPS = ["step", "global_step", "epoch", "iteration", "training_iteration"];

/** Whether each row says when it was, and none is before the one above it. */
function isLog({ names, rows }: Table): boolean {
  if (names.some((name) => IS_LOG.test(name))) return true;
  const at = names.findIndex((name) => STEPS.includes(name));
  if (at < 0) return false;
  const steps = rows.map(({ cells }) => toValue(cells[at] ?? "").value);
  return steps.every((step, row) => isFiniteNumber(step) && step >= Number(steps[row - 1] ?? step));
}

/** Columns that only codecarbon's measurements have, where the last one is the newest. */
const IS_LOG = /^(?:emissions_rate|run_id)$/;

interface Table {
  readonly header: readonly string[];
  /** In lower case. */
  readonly names: readonly string[];
  readonly rows: readonly Row[];
  readonly file: string;
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

/** The header decides. */
function detectSeparator(whole: string): string {
  const text = whole.trimStart();
  const header = text.slice(0, (text.indexOf("\n") + 1 || text.length + 1) - 1);
  return ["\t", ";"].find((candidate) => header.includes(candidate)) ?? ",";
}

function readLong({ names, rows, file }: Table): readonly FoundValue[] {
  const column = (name: string, row: Row): string => row.cells[names.indexOf(name)] ?? "";
  const name = names.includes("metric") ? "metric" : "name";
  return rows.map((row) => ({
    name: column(name, row),
    slice: column("slice", row) || null,
    ...toValue(column("value", row)),
    ...amount("n", column("n", row), /^\d+$/),
    ...amount("stderr", column("stderr", row), /^\d*\.?\d+(?:[eE][+-]?\d+)?$/),
    ...amount("step", column("step", row), /^\d+$/),
    ...amount("seed", column("seed", row), /^-?\d+$/),
    ...(column("unit", row) !== "" && { unit: column("unit", row).slice(0, 40) }),
    place: () => ({ file, line: row.line }),
  }));
}

const amount = (key: "n" | "stderr" | "step" | "seed", cell: string, pattern: RegExp): Partial<FoundValue> =>
  pattern.test(cell) ? { [key]: Number(cell) } : {};

/**
 * As pandas writes a frame with its index: numbered rows are as without it; otherwise a row is a metric where there is one
 * column of values, and a statistic of each column where there are several, as in `describe()`.
 */
function readIndexed(table: Table): readonly FoundValue[] {
  const { header, rows, file } = table;
  const labels = rows.map(({ cells: [label = ""] }) => label);
  if (rows.length === 1 && /^\d+$/.test(labels[0] ?? "")) return rows.flatMap((row) => readRow(table, row));
  if (labels.some((label) => label === "" || /^\d+$/.test(label))) {
    return readTableWithout(table);
  }
  const place = (row: Row) => () => ({ file, line: row.line });
  return rows.flatMap((row) =>
    header.slice(1).map((column, at) => ({
      name: header.length === 2 ? (row.cells[0] ?? "") : `${column}.${row.cells[0]}`,
      ...toValue(row.cells[at + 1] ?? ""),
      place: place(row),
    })),
  );
}

/** The rows without their numbers. */
function readTableWithout({ header, rows, file }: Table): readonly FoundValue[] {
  const lines = [{ cells: header.slice(1) }, ...rows.map(({ cells }) => ({ cells: cells.slice(1) }))];
  const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  return readTable(lines.map(({ cells }) => cells.map(quote).join(",")).join("\n"), file);
}

/** Of each column the last cell that has something: a row of Lightning's log has either the training's or the validation's. */
function readLog(table: Table): readonly FoundValue[] {
  const { header, rows } = table;
  return header.flatMap((_, at) => {
    const row = rows.findLast(({ cells }) => cells[at] !== "") ?? rows.at(-1);
    return row === undefined ? [] : readRow(table, row).filter(({ name }) => name === header[at]);
  });
}

/** Optuna's `trials_dataframe()`: which direction is better it does not say, and so both ends are shown. */
function readTrials({ names, rows, file }: Table): readonly FoundValue[] {
  const complete = rows.filter(({ cells }) => cells[names.indexOf("state")] === "COMPLETE");
  const values = complete.map(({ cells }) => toValue(cells[names.indexOf("value")] ?? "").value).filter(isFiniteNumber);
  const place = () => ({ file });
  const ends =
    values.length === 0
      ? []
      : [["value.min", Math.min(...values)] as const, ["value.max", Math.max(...values)] as const];
  return [...ends, ["trials.complete", complete.length] as const].map(([name, value]) => ({ name, value, place }));
}

function readRow({ header, names, file }: Table, row: Row): readonly FoundValue[] {
  const slice = row.cells[names.indexOf("slice")] || null;
  const step = ["step", "epoch", "iteration"]
    .map((name) => row.cells[names.indexOf(name)] ?? "")
    .find((cell) => cell !== "");
  return header.flatMap((name, at): readonly FoundValue[] => {
    if (name === "" || names[at] === "slice" || isBookkeeping(name)) return [];
    const value = toValue(row.cells[at] ?? "");
    return [{ name, slice, ...value, ...amount("step", step ?? "", /^\d+$/), place: () => ({ file, line: row.line }) }];
  });
}

/** As programs print numbers; JavaScript alone would read an empty cell as 0 and `0x1F` as 31. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** As spreadsheets do in many languages; not where it may be a thousand, as in `1,234`. */
const DECIMAL_COMMA = /^[+-]?(?![1-9]\d{0,2},\d{3}$)\d+,\d+$/;

/** The number in a cell, a share in percent with that unit, or else the text. */
export function toValue(cell: string): Pick<FoundValue, "value"> & { readonly unit?: string } {
  const percent = /^(.*\d)\s*%$/.exec(cell)?.[1];
  const text = percent ?? cell;
  const number = DECIMAL_COMMA.test(text) ? text.replace(",", ".") : text;
  if (!NUMBER.test(number)) return { value: cell };
  return { value: Number(number), ...(percent !== undefined && { unit: "%" }) };
}

const notCsv = (message: string, { line }: Row, file: string): Error =>
  userError({ code: "metrics-not-csv", message, place: { file, line }, fix: "Write one cell for each column" });
