/** Rows about the training, the validation and the test: the names of their values begin with which. */
import type { FoundValue } from "./format.ts";
import { isBookkeeping } from "./nested.ts";
import { findColumn, foundAt, type Table, textAt } from "./rows.ts";

const SPLIT = /^(?:train(?:ing)?|val(?:id(?:ation)?)?|dev|test(?:ing)?|eval(?:uation)?|holdout)$/i;

/** The column that tells them apart, or -1. */
export function splitColumn(table: Table): number {
  const at = findColumn(table, "split", "phase", "mode", "subset", "stage", "partition", "set", "dataset");
  if (at < 0) return -1;
  const splits = table.rows.map((row) => textAt(row, at)).filter((text) => text !== "");
  return new Set(splits).size > 1 && splits.every((split) => SPLIT.test(split)) ? at : -1;
}

/** One row for each. */
export function readSplits(table: Table): readonly FoundValue[] | undefined {
  const splits = splitColumn(table);
  if (splits < 0) return undefined;
  if (new Set(table.rows.map((row) => textAt(row, splits))).size < table.rows.length) return undefined;
  return table.rows.flatMap((row) =>
    table.columns.flatMap((name, at) => {
      if (at === splits || name === "" || isBookkeeping(name) || row.cells.at(at) === undefined) return [];
      return [foundAt(table, row, at, { name: `${textAt(row, splits)}.${name}` })];
    }),
  );
}
