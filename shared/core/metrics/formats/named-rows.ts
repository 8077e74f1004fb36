/** Rows with the name of a metric in one column: long tables, and what pandas writes with an index of names. */
import { metricKey } from "../../../records/metric-key.ts";
import type { FoundValue } from "./format.ts";
import { NAMES, VALUES } from "./named-values.ts";
import { isBookkeeping } from "./nested.ts";
import { findColumn, foundAt, isEmpty, numberAt, type Row, type Table, textAt } from "./rows.ts";
import { splitColumn } from "./splits.ts";
import { stepOf } from "./steps.ts";

/**
 * Columns of a long table other than metric, value, slice, split, n, stderr, unit, step and seed are ignored: two rows that
 * differ only in these are one metric twice. Of several steps the last one counts.
 */
export function readNamedRows(table: Table): readonly FoundValue[] | undefined {
  const name = findColumn(table, ...NAMES);
  // tidymodels writes the mean of its resamples there.
  const value = findColumn(table, ...VALUES, ...(findColumn(table, ".metric") >= 0 ? ["mean"] : []));
  const hasNames = (column: number): boolean => {
    const names = table.rows.map((row) => textAt(row, column));
    return names.every((text) => text !== "" && !isNumeric(text));
  };
  if (value >= 0 && name >= 0 && hasNames(name) && isOnlyValue(table, value)) {
    return keepLastSteps(readLong(table, name, value));
  }
  const [first = ""] = table.columns;
  if (!LABELS.test(first) || table.columns.length < 2 || !hasNames(0)) return undefined;
  return table.rows.flatMap((row) => readLabelled(table, row));
}

/** How the column of a table's labels is called: pandas leaves it without a name. */
const LABELS = /^(?:|unnamed: 0|index|metrics?|metric_name|measure|statistic)$/i;

const isNumeric = (text: string): boolean => text !== "" && Number.isFinite(Number(text));

/** A score may be one measure of several, in columns of their own. */
function isOnlyValue(table: Table, value: number): boolean {
  if (table.columns[value]?.toLowerCase() !== "score") return true;
  const known = new Set([...AMOUNTS, "slice"].map((name) => findColumn(table, name)).concat(value));
  return table.columns.every(
    (name, at) =>
      known.has(at) || isBookkeeping(name) || table.rows.every((row) => numberAt(table, row, at) === undefined),
  );
}

const AMOUNTS = ["n", "stderr", "step", "seed"] as const;

function readLong(table: Table, name: number, value: number): readonly FoundValue[] {
  // broom writes a class there, and NA for what is about all of them.
  const slices = ["slice", ...(findColumn(table, "term") === name ? ["class"] : [])];
  const [slice, unit, split] = [findColumn(table, ...slices), findColumn(table, "unit"), splitColumn(table)];
  const amounts = AMOUNTS.map(
    (key) =>
      [key, findColumn(table, key, ...(key === "stderr" ? ["std_err", "std.error", "standard_error"] : []))] as const,
  );
  return table.rows.map((row) => {
    const written = [textAt(row, split), textAt(row, name)].filter((part) => part !== "");
    const kept = amounts.flatMap(([key, column]) => {
      const amount = numberAt(table, row, column);
      return amount !== undefined && IS_AMOUNT[key](amount) ? [[key, amount] as const] : [];
    });
    return foundAt(table, row, value, {
      name: written.join("."),
      slice: isEmpty(textAt(row, slice)) ? null : textAt(row, slice),
      ...stepOf(table, row),
      ...Object.fromEntries(kept),
      ...(textAt(row, unit) !== "" && { unit: textAt(row, unit).slice(0, MAX_UNIT) }),
    });
  });
}
const MAX_UNIT = 40;

const isCount = (amount: number): boolean => Number.isInteger(amount) && amount >= 0;
const IS_AMOUNT = {
  n: isCount,
  step: isCount,
  stderr: (amount: number) => amount >= 0,
  seed: Number.isInteger,
} as const;

/** Of one metric and seed that was measured at several steps, each of which it says. */
function keepLastSteps(values: readonly FoundValue[]): readonly FoundValue[] {
  const groups = Map.groupBy(values, ({ name, slice = null, seed }) => `${seed} ${metricKey({ name, slice })}`);
  return [...groups.values()].flatMap((group) => {
    const steps = new Set(group.map(({ step }) => step));
    if (steps.has(undefined) || steps.size < group.length) return group;
    return [group.reduce((last, one) => (Number(one.step) > Number(last.step) ? one : last))];
  });
}

/** A row is a metric where there is one column of values, and a statistic of each column where there are several. */
function readLabelled(table: Table, row: Row): readonly FoundValue[] {
  const label = textAt(row, 0);
  return table.columns.flatMap((column, at) => {
    if (at === 0 || row.cells.at(at) === undefined) return [];
    return [foundAt(table, row, at, { name: table.columns.length === 2 ? label : `${column}.${label}` })];
  });
}

/** A table of names and numbers whose first line is one of them already. */
export function hasNoHeader(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  isNumber: (cell: string) => boolean,
): boolean {
  const isPair = ([name = "", value = ""]: readonly string[]): boolean =>
    !isNumber(name) && !isEmpty(name) && isNumber(value);
  // pandas names the values of a series without a name 0.
  return header.length === 2 && header[1] !== "0" && isPair(header) && rows.every(isPair);
}
