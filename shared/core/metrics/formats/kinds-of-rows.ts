/** What rows are: every kind, the most particular first. */
import { reportFrame } from "./classification-report.ts";
import type { FoundValue } from "./format.ts";
import { readLlamaBench } from "./llm-evals.ts";
import { readLog } from "./log.ts";
import { readNamedRows } from "./named-rows.ts";
import { isBookkeeping } from "./nested.ts";
import { findColumn, foundAt, selectColumns, type Table, textAt, withoutColumn } from "./rows.ts";
import { readSearch, readTrials } from "./searches.ts";
import { readSplits } from "./splits.ts";
import { stepOf } from "./steps.ts";
import { readSubjects } from "./subjects.ts";

/** `undefined` where it is of another kind. */
type RowsReader = (table: Table) => readonly FoundValue[] | undefined;

const KINDS: readonly RowsReader[] = [
  readLlamaBench,
  reportFrame,
  readNamedRows,
  readNumberedRows,
  readSlices,
  readTrials,
  readTrackedRuns,
  readSearch,
  readRounds,
  readLog,
  readEmissions,
  readOnlyRow,
  readSplits,
  readSubjects,
];

/** No row is taken for the result unless something says that it is. @returns `undefined` where nothing does */
export function readRows(table: Table): readonly FoundValue[] | undefined {
  for (const read of KINDS) {
    const values = read(table);
    if (values !== undefined) return values;
  }
  return undefined;
}

/** As pandas writes an index nobody named. Without it they are what they are with it, only that the order is that of time. */
function readNumberedRows(table: Table): readonly FoundValue[] | undefined {
  const [first = ""] = table.columns;
  if (!/^(?:unnamed: 0)?$/i.test(first) || table.columns.length < 2) return undefined;
  if (!table.rows.every((row, at) => textAt(row, 0) === String(at))) return undefined;
  const rest = withoutColumn(table, 0);
  const values = readRows(rest);
  if (values !== undefined) return values;
  // Keras' history.
  return findColumn(rest, "loss") >= 0 && findColumn(rest, "val_loss") >= 0 ? readLastRound(rest) : undefined;
}

/** The cross validation of XGBoost, LightGBM and CatBoost: a row for each round. CatBoost numbers them. */
function readRounds(table: Table): readonly FoundValue[] | undefined {
  const numbers = findColumn(table, "iterations");
  if (numbers >= 0) {
    const areRounds = table.rows.every((row, at) => textAt(row, numbers) === String(at));
    return areRounds ? readRounds(withoutColumn(table, numbers)) : undefined;
  }
  const isRounds = table.columns.every((name) => /^(?:train|test|valid|eval)[- ].+-(?:mean|std|stdv)$/.test(name));
  return isRounds ? readLastRound(table) : undefined;
}

function readLastRound(table: Table): readonly FoundValue[] | undefined {
  const at = table.rows.length - 1;
  const last = table.rows[at];
  return last && table.columns.map((_, column) => foundAt(table, last, column, { step: at }));
}

function readSlices(table: Table): readonly FoundValue[] | undefined {
  const slices = findColumn(table, "slice");
  if (slices < 0) return undefined;
  return table.rows.flatMap((row) => readRow(table, row, { slice: textAt(row, slices) || null }, slices));
}

/** `mlflow.search_runs()` with one run; of several nothing says which one is meant. */
function readTrackedRuns(table: Table): readonly FoundValue[] | undefined {
  if (findColumn(table, "run_id") < 0 || findColumn(table, "artifact_uri") < 0) return undefined;
  const prefix = /^metrics\./;
  const metrics = selectColumns(
    table,
    (name) => prefix.test(name),
    (name) => name.replace(prefix, ""),
  );
  return readOnlyRow(metrics);
}

/** codecarbon appends each measurement, so that the last one is the newest. */
function readEmissions(table: Table): readonly FoundValue[] | undefined {
  if (findColumn(table, "emissions_rate") < 0 || findColumn(table, "run_id") < 0) return undefined;
  const last = table.rows.at(-1);
  return last && readRow(table, last);
}

function readOnlyRow(table: Table): readonly FoundValue[] | undefined {
  const [only, second] = table.rows;
  return only !== undefined && second === undefined ? readRow(table, only) : undefined;
}

function readRow(
  table: Table,
  row: Table["rows"][number],
  more: Partial<FoundValue> = {},
  except = -1,
): readonly FoundValue[] {
  const step = stepOf(table, row);
  return table.columns.flatMap((name, at) =>
    name === "" || at === except || isBookkeeping(name) || row.cells.at(at) === undefined
      ? []
      : [foundAt(table, row, at, { ...step, ...more })],
  );
}
