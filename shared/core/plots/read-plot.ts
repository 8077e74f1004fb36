/** Reads a file of curves or of a confusion matrix: its content tells which. */
import { type Place, userError } from "../../problem/problem.ts";
import { readJson } from "../../text/json/read-json.ts";
import { isPairs, isSquare, readMatrix, readPairs, toMatrix } from "./confusion.ts";
import { readCurves } from "./curves.ts";
import { PLOT_FIX, type Plot, type PlotTable } from "./plot.ts";
import { readTable } from "./read-table.ts";

/**
 * @returns one plot, or for a file of many columns one for each metric
 * @throws ActionError `plot-unreadable`, and those of JSON, which begin with `plot-`
 */
export function readPlot(text: string, file: string): readonly Plot[] {
  const isJson = /\.json$/i.test(file) || /^[\s\uFEFF]*[[{]/.test(text);
  const read = isJson ? fromJson(text, file) : readTable(text, file);
  if ("kind" in read) return [read];
  if (read.header.length < 2 || read.rows.length === 0)
    throw unreadable("it has no rows of two or more columns", { file });
  if (isPairs(read)) return [readPairs(read)];
  return isSquare(read) ? [readMatrix(read)] : readCurves(read);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `{"labels": …, "matrix": …}`, a matrix alone, or rows as objects, also as the one value of an object. */
function fromJson(text: string, file: string): Plot | PlotTable {
  const { value } = readJson(text, file, "plot");
  if (isObject(value) && Array.isArray(value["matrix"])) return toMatrix(value["matrix"], value["labels"], file);
  if (Array.isArray(value) && value.every(Array.isArray)) return toMatrix(value, undefined, file);
  const [rows] = isObject(value) ? Object.values(value).filter(Array.isArray) : [value];
  if (!Array.isArray(rows) || !rows.every(isObject)) {
    throw unreadable('it is neither a matrix nor a list of rows such as {"step": 1, "loss": 0.5}', { file });
  }
  const header = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const toCell = (cell: unknown): string => (isPlain(cell) ? String(cell) : "");
  return { file, header, rows: rows.map((row) => ({ cells: header.map((name) => toCell(row[name])) })) };
}

const isPlain = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);

const unreadable = (message: string, place: Place): Error =>
  userError({ code: "plot-unreadable", message, place, fix: PLOT_FIX });
