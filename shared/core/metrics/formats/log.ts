/** Logs: rows that each say when they were written, whether in a table or in lines of JSON. */
import type { FoundValue } from "./format.ts";
import { isBookkeeping } from "./nested.ts";
import { findColumn, foundAt, isEmpty, numberAt, type Row, type Table, textAt } from "./rows.ts";
import { splitColumn } from "./splits.ts";
import { stepColumns, stepOf } from "./steps.ts";

/**
 * Of each series the last value. Rows of the training and of the validation may alternate, in columns of their own; where both
 * have a column and nothing tells them apart, it is found twice.
 *
 * @returns `undefined` unless time goes forward, and no two rows of one time have the same column
 */
export function readLog(table: Table): readonly FoundValue[] | undefined {
  const steps = stepColumns(table);
  if (steps.length === 0 || table.rows.length < 2) return undefined;
  const split = splitColumn(table);
  if (SUBJECTS.some((name) => isOfSeveral(table, findColumn(table, name), split))) return undefined;
  const timeOf = (row: Row) => steps.map((column) => numberAt(table, row, column));
  const parts = Map.groupBy(table.rows, (row) =>
    JSON.stringify([textAt(row, split), ...timeOf(row).map((step) => step !== undefined)]),
  );
  if (table.rows.every((row) => timeOf(row).every((step) => step === undefined))) return undefined;
  const isValue = (column: number): boolean => {
    const name = table.columns[column] ?? "";
    return column !== split && name !== "" && !isBookkeeping(name) && !RAY.test(name);
  };
  const values: FoundValue[] = [];
  for (const rows of parts.values()) {
    const moments = momentsOf(rows, timeOf, isValue);
    if (moments === undefined) return undefined;
    const prefix = textAt(rows[0] as Row, split);
    for (const { row, column, isOver } of lastOf(moments)) {
      const name = [prefix, table.columns[column]].filter((part) => part !== "").join(".");
      const value = foundAt(table, row, column, { name, ...stepOf(table, row) });
      values.push(isOver ? { ...value, value: "" } : value);
    }
  }
  return values;
}

/** Columns that say what a row is about: rows about several things are no log of one. */
const SUBJECTS = [
  "model",
  "model_name",
  "run",
  "run_id",
  "name",
  "experiment",
  "fold",
  "dataset",
  "task",
  "class",
  "label",
].concat(["group", "config", "trial", "trial_id", "method", "algorithm", "variant", "id", "seed", "split", "subset"]);

function isOfSeveral(table: Table, column: number, split: number): boolean {
  if (column < 0 || column === split) return false;
  return new Set(table.rows.map((row) => textAt(row, column)).filter((text) => text !== "")).size > 1;
}

/** What Ray Tune adds to each result. */
const RAY =
  /^(?:done|trial_id|experiment_(?:id|tag)|pid|hostname|node_ip|should_checkpoint|checkpoint_dir_name|config(?:\..+)?|(?:time|timesteps|iterations|episodes)_(?:this_iter_s|total_s|since_restore|total|this_iter))$/;

/** All that was written at one time: column to row; columns without a value are not in it. */
type Moment = Map<number, Row>;

function momentsOf(
  rows: readonly Row[],
  timeOf: (row: Row) => readonly (number | undefined)[],
  isValue: (column: number) => boolean,
): readonly Moment[] | undefined {
  const moments: Moment[] = [];
  let previous: readonly (number | undefined)[] = [];
  for (const row of rows) {
    const time = timeOf(row);
    const order = moments.length === 0 ? 1 : compareTimes(time, previous);
    if (order < 0) return undefined;
    if (order > 0) moments.push(new Map());
    previous = time;
    const moment = moments.at(-1) ?? new Map();
    for (const [column, cell] of row.cells.entries()) {
      if (isEmpty(cell) || !isValue(column)) continue;
      if (moment.has(column)) return undefined;
      moment.set(column, row);
    }
  }
  return moments;
}

function compareTimes(one: readonly (number | undefined)[], other: readonly (number | undefined)[]): number {
  const at = one.findIndex((step, index) => step !== other[index]);
  return at < 0 ? 0 : Number(one[at]) - Number(other[at]);
}

interface LastValue {
  readonly row: Row;
  readonly column: number;
  /** Whether the series ended before the others, as where a loss that became NaN is an empty cell. */
  readonly isOver: boolean;
}

/**
 * A series that is measured now and then may end before the log does; it is over only where it is missing for longer than it
 * ever was, while what was written beside it goes on.
 */
function lastOf(moments: readonly Moment[]): readonly LastValue[] {
  const series = new Map<number, number[]>();
  for (const [at, moment] of moments.entries()) {
    for (const column of moment.keys()) {
      const times = series.get(column);
      if (times === undefined) series.set(column, [at]);
      else times.push(at);
    }
  }
  const empty = moments.flatMap((moment, at) => (moment.size === 0 ? [at] : []));
  const later = (times: readonly number[], than: number): number => times.length - countUpTo(times, than);
  /** By moment, how often any of what was written then was written later. */
  const repeated = moments.map((moment, at) =>
    [...moment.keys()].reduce((most, column) => Math.max(most, later(series.get(column) ?? [], at)), 0),
  );
  return [...series].map(([column, times]) => {
    const last = times.at(-1) ?? 0;
    const longest = times.reduce((gap, at, index) => Math.max(gap, at - (times[index - 1] ?? -1) - 1), 0);
    const missed = (repeated[last] ?? 0) + later(empty, last);
    return { row: moments[last]?.get(column) as Row, column, isOver: missed > longest };
  });
}

/** Of ascending numbers. */
function countUpTo(times: readonly number[], limit: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
