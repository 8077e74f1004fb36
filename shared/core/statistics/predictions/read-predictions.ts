/** A file of predictions as results by id. */
import { userError } from "../../../problem/problem.ts";
import { quoteText } from "../../../text/document/document.ts";
import { type CaseResult, DEFAULT_COLUMNS, type PredictionColumns } from "./case-result.ts";
import { type Row, readRows } from "./read-rows.ts";

/** As programs print numbers; JavaScript alone would read an empty cell as 0 and `0x1F` as 31. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Several rows may have one id when they differ in `repeat`: the same case, tried several times.
 *
 * @param columns names of columns other than the default ones
 * @throws ActionError `predictions-empty`, `predictions-no-id`, `predictions-duplicate-id`, `predictions-not-a-number`, and
 *   those of `readRows`
 */
export function readPredictions(
  text: string,
  file: string,
  columns: Partial<PredictionColumns> = {},
): readonly CaseResult[] {
  const names = { ...DEFAULT_COLUMNS, ...columns };
  const results = readRows(text, file).map((row) => readResult(row, names, file));
  if (results.length === 0) {
    const fix = "Write one row for each case, with its id";
    throw userError({ code: "predictions-empty", message: "it has no rows", place: { file }, fix });
  }
  const lines = new Map<string, number>();
  for (const { id, repeat, line } of results) {
    const key = JSON.stringify([id, repeat]);
    const earlier = lines.get(key);
    if (earlier !== undefined) {
      throw userError({
        code: "predictions-duplicate-id",
        message: `the id ${quoteText(id)} is that of line ${earlier} too`,
        place: { file, line },
        fix: `Give each case one row, or number the tries of a case in a column ${quoteText(names.repeat)}`,
      });
    }
    lines.set(key, line);
  }
  return results;
}

export interface PredictionsText {
  readonly path: string;
  readonly text: string;
}

/** The results of several files as those of one. @throws ActionError as `readPredictions`, also for an id of two files */
export function readPredictionFiles(
  files: readonly PredictionsText[],
  columns: Partial<PredictionColumns> = {},
): readonly CaseResult[] {
  const found = new Map<string, string>();
  return files.flatMap(({ path, text }) => {
    const results = readPredictions(text, path, columns);
    for (const { id, repeat, line } of results) {
      const key = JSON.stringify([id, repeat]);
      const other = found.get(key);
      if (other !== undefined && other !== path) {
        throw userError({
          code: "predictions-duplicate-id",
          message: `the id ${quoteText(id)} is in ${quoteText(other)} too`,
          place: { file: path, line },
          fix: "Let each case be in one of the files",
        });
      }
      found.set(key, path);
    }
    return results;
  });
}

function readResult({ line, cell }: Row, names: PredictionColumns, file: string): CaseResult {
  const id = cell(names.id);
  if (id === undefined) {
    throw userError({
      code: "predictions-no-id",
      message: `the row has no ${quoteText(names.id)}`,
      place: { file, line },
      fix: "Name each case, so that it can be found in the other model's file",
    });
  }
  const numberOf = (column: string): number | undefined => {
    const text = cell(column);
    if (text === undefined) return undefined;
    const value = NUMBER.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(value)) return value;
    throw userError({
      code: "predictions-not-a-number",
      message: `the ${quoteText(column)} ${quoteText(text)} is not a finite number`,
      place: { file, line },
      fix: "Write finite numbers with a decimal point, or nothing where there is no result",
    });
  };
  const texts = (["label", "prediction", "group", "cluster", "repeat", "error"] as const).flatMap((key) => {
    const text = cell(names[key]);
    // pandas writes a class as 1.0 as soon as one cell of the column is empty.
    return text === undefined ? [] : [[key, text.replace(/^([+-]?\d+)\.0+$/, "$1")] as const];
  });
  const numbers = (["score", "weight"] as const).flatMap((key) => {
    const value = numberOf(names[key]);
    return value === undefined ? [] : [[key, value] as const];
  });
  return { id, line, ...Object.fromEntries(texts), ...Object.fromEntries(numbers) };
}
