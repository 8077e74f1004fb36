/** Tables as text: CSV, TSV, with semicolons as spreadsheets write them in many languages. */
import { userError } from "../../../problem/problem.ts";
import type { CsvErrorCode } from "../../../text/csv/csv-format.ts";
import { CsvReader } from "../../../text/csv/csv-reader.ts";
import { exactNumber } from "../../../text/decimal/exact-number.ts";
import { quoteText } from "../../../text/document/document.ts";
import type { FoundValue } from "./format.ts";
import { joinHeaderLines } from "./header-lines.ts";
import { readRows } from "./kinds-of-rows.ts";
import { hasNoHeader } from "./named-rows.ts";
import { createTable } from "./rows.ts";

/** @throws ActionError `metrics-not-csv`, `metrics-too-many-rows` */
export function readTable(written: string, file: string): readonly FoundValue[] {
  // Lines of Excel and PowerShell; each stays as a blank one, so that line numbers are those of the file.
  const text = written.replace(/^\uFEFF?(?:sep=[,;\t]|#TYPE [^\r\n]*)\r?\n/i, "\n");
  return partsOf(readLines(text, file)).flatMap((lines) => readPart(lines, file));
}

/** Several tables with blank lines between them, as NVIDIA's GenAI-Perf writes, each with a header of its own. */
function partsOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  const width = lines[0]?.cells.length;
  if (lines.every(({ cells }) => cells.length === width)) return [lines];
  const starts = lines.flatMap(({ isAfterBlank }, at) => (at === 0 || isAfterBlank ? [at] : []));
  const parts = starts.map((from, at) => lines.slice(from, starts[at + 1]));
  const areTables = parts.every(
    (part) => part.length > 1 && part.every(({ cells }) => cells.length === part[0]?.cells.length),
  );
  return areTables && parts.length <= MAX_PARTS ? parts : [lines];
}
const MAX_PARTS = 100;

function readPart(lines: readonly Line[], file: string): readonly FoundValue[] {
  const [header] = lines;
  if (header === undefined) return [];
  const below = lines.slice(1).map(({ cells }) => cells);
  const names = hasNoHeader(header.cells, below, isNumeric)
    ? { columns: ["metric", "value"], lines }
    : (joinHeaderLines(lines, isNumeric) ?? { columns: header.cells, lines: lines.slice(1) });
  const { columns } = names;
  assertHeader(columns, header, file);
  for (const line of names.lines) {
    if (line.cells.length === columns.length) continue;
    throw notCsv(`the header has ${columns.length} columns, and this row has ${line.cells.length}`, line, file);
  }
  const rows = names.lines.map(({ cells, line }) => ({ cells, placeOf: () => ({ file, line }) }));
  if (rows.length === 0) return [];
  const values = readRows(createTable({ columns, rows, readCell: toValue }));
  if (values !== undefined) return values;
  throw userError({
    code: "metrics-too-many-rows",
    message: `there are ${rows.length} rows, and nothing says which of them is the result`,
    place: rows[1]?.placeOf() ?? { file },
    fix: 'Write the final row only, or add a column "slice", or "epoch" for a log',
  });
}

interface Line {
  /** From 1. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly isAfterBlank: boolean;
}

function assertHeader(columns: readonly string[], header: Line, file: string): void {
  const seen = new Set<string>();
  for (const column of columns) {
    const name = column.toLowerCase();
    if (seen.has(name)) throw notCsv(`the column ${quoteText(name)} appears twice`, header, file);
    seen.add(name);
  }
  const number = columns.find((column) => isNumeric(column) && !/^\d+$/.test(column));
  if (number === undefined) return;
  throw notCsv(`the first line has the number ${quoteText(number)} where columns have names`, header, file);
}

/** `25%` is a name: that of a quantile. */
const isNumeric = (cell: string): boolean => !cell.endsWith("%") && typeof toValue(cell).value === "number";

/** A quote inside a cell without quotes is harmless here: it can only be part of a name. */
const ERRORS: Readonly<Partial<Record<CsvErrorCode, string>>> = {
  "text-after-quote": "text follows the closing quote of a cell",
  "bare-carriage-return": "a carriage return is not followed by a line feed",
  "unclosed-quote": "a quote is not closed",
  "record-too-long": "a row is too long",
};

/** Blank lines are left out; cells are trimmed, as some tools pad them with spaces. */
function readLines(text: string, file: string): readonly Line[] {
  const lines: Line[] = [];
  let isAfterBlank = false;
  const reader = new CsvReader(
    { delimiter: detectSeparator(text), padded: true },
    {
      onRecord({ width, cells, line }) {
        const trimmed = cells.slice(0, width).map((cell) => cell.trim());
        const isBlank = trimmed.length === 1 && trimmed[0] === "";
        if (!isBlank) lines.push({ line, cells: trimmed, isAfterBlank });
        isAfterBlank = isBlank;
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
  return lines;
}

/** The header decides. */
function detectSeparator(whole: string): string {
  const text = whole.replace(/^[\uFEFF\r\n]+/, "");
  const header = text.slice(0, (text.indexOf("\n") + 1 || text.length + 1) - 1);
  return ["\t", ";"].find((candidate) => header.includes(candidate)) ?? ",";
}

/** As programs print numbers; JavaScript alone would read an empty cell as 0 and `0x1F` as 31. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** As spreadsheets do in many languages; not where it may be a thousand, as in `1,234`. */
const DECIMAL_COMMA = /^[+-]?(?![1-9]\d{0,2},\d{3}$)\d+,\d+$/;

/** The number in a cell, a share in percent with that unit, or else what it is. */
export function toValue(cell: unknown): Pick<FoundValue, "value" | "unit"> {
  if (typeof cell !== "string") return { value: cell };
  const percent = /^(.*\d)\s*%$/.exec(cell)?.[1];
  const text = percent ?? cell;
  const number = DECIMAL_COMMA.test(text) ? text.replace(",", ".") : text;
  if (!NUMBER.test(number)) return { value: cell };
  return { value: exactNumber(number) ?? cell, ...(percent !== undefined && { unit: "%" }) };
}

const notCsv = (message: string, { line }: Line, file: string): Error =>
  userError({ code: "metrics-not-csv", message, place: { file, line }, fix: "Write one cell for each column" });
