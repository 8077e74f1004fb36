/** Tables in Markdown, as pandas, tabulate, lm-evaluation-harness and llama-bench print them. */
import type { FoundValue } from "./format.ts";
import { readRows } from "./kinds-of-rows.ts";
import { createTable } from "./rows.ts";
import { toValue } from "./table.ts";

interface Line {
  readonly cells: readonly string[];
  /** From 1. */
  readonly line: number;
}

const RULE = /^:?-+:?$/;

/** @returns `undefined` where the text has no table, or several: nothing says which one is the result */
export function readMarkdownTable(text: string, file: string): readonly FoundValue[] | undefined {
  const lines = text.split(/\r?\n/).map((written, at) => ({ cells: cellsOf(written), line: at + 1 }));
  const rules = lines.flatMap(({ cells }, at) =>
    cells.length > 0 && cells.every((cell) => RULE.test(cell)) ? [at] : [],
  );
  const [rule, second] = rules;
  const header = lines[(rule ?? 0) - 1];
  if (rule === undefined || second !== undefined || header === undefined) return undefined;
  const end = lines.findIndex(({ cells }, at) => at > rule && cells.length === 0);
  const rows = lines.slice(rule + 1, end < 0 ? undefined : end);
  const columns = header.cells;
  if (rows.length === 0 || !rows.every(({ cells }) => cells.length === columns.length)) return undefined;
  if (new Set(columns.map((name) => name.toLowerCase())).size < columns.length) return undefined;
  if (columns.includes("test") && columns.includes("t/s")) return readSpeeds(columns, rows, file);
  const placed = rows.map(({ cells, line }) => ({ cells, placeOf: () => ({ file, line }) }));
  return readRows(createTable({ columns, rows: placed, readCell }));
}

/** hyperfine prints a mean with its spread, DVC a dash for what is not there. */
const readCell = (cell: unknown): ReturnType<typeof toValue> =>
  toValue(typeof cell === "string" ? cell.replace(/^([^±]*\d)\s*±.*$/, "$1") : cell);

const cellsOf = (line: string): readonly string[] => {
  const inside = /^\s*\|(.*)\|\s*$/.exec(line)?.[1];
  return inside === undefined ? [] : inside.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1"));
};

/** llama-bench's: the columns that differ from row to row belong to the name, as they are its settings. */
function readSpeeds(columns: readonly string[], rows: readonly Line[], file: string): readonly FoundValue[] {
  const [test, speed] = [columns.indexOf("test"), columns.indexOf("t/s")];
  const differing = columns.flatMap((_, at) =>
    at !== test && at !== speed && new Set(rows.map(({ cells }) => cells[at])).size > 1 ? [at] : [],
  );
  return rows.map(({ cells, line }) => {
    const settings = differing.map((at) => `${columns[at]}=${cells[at]}`);
    const name = [cells[test] ?? "", ...(settings.length === 0 ? [] : [`(${settings.join(", ")})`])].join(" ");
    const [value = ""] = (cells[speed] ?? "").split("±");
    return { name, value: toValue(value.trim()).value, unit: "tokens/s", place: () => ({ file, line }) };
  });
}
