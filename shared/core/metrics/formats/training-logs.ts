/** What training loops log: the last value of each series. */
import {
  type FoundValue,
  found,
  isList,
  isNumber,
  isObject,
  type JsonObject,
  type MetricFormat,
  type MetricSource,
  optional,
  valueAt,
} from "./format.ts";
import { readRows } from "./kinds-of-rows.ts";
import { flatten, isBookkeeping } from "./nested.ts";
import { createTable, type Row } from "./rows.ts";
import { toValue } from "./table.ts";

/** Keras `model.fit(…).history`, and `evals_result` of XGBoost and LightGBM: a list for each metric, one value an epoch or round. */
export const history: MetricFormat = {
  name: "Keras history, XGBoost evals_result",
  recognises(value) {
    const series = seriesBelow(value, []) ?? [];
    const [first] = series;
    if (first === undefined || first.values.length === 0) return false;
    // Lists of folds, classes or rows look the same, and their last value is no result.
    const isKnown = series.some(({ path: [key = "", below] }) =>
      below === undefined ? LOSS.test(key) || CROSS_VALIDATION.test(key) : SET.test(key),
    );
    return isKnown && series.every(({ values }) => values.length === first.values.length);
  },
  read: (source) =>
    (seriesBelow(source.value, []) ?? []).flatMap(({ path, values }) =>
      isBookkeeping(path.at(-1) ?? "")
        ? []
        : [found(source, [...path, values.length - 1], path.join("."), values.at(-1), { step: values.length - 1 })],
    ),
};

/** Keras always has one; boosters name the sets of rows that they evaluate. */
const LOSS = /(?:^|_)loss$/;
/** LightGBM's. */
const CROSS_VALIDATION = /^(?:train|valid) .+-mean$/;
const SET = /^(?:validation_\d+|valid(?:_\d+|ation)?|eval(?:_\d+)?|train(?:ing)?|test|dtrain|dtest|learn|history)$/;

interface Series {
  readonly path: readonly string[];
  readonly values: readonly number[];
}

/** `undefined` where there is anything else than lists of numbers, at most one object deep. */
function seriesBelow(value: unknown, path: readonly string[]): readonly Series[] | undefined {
  if (isList(value)) return path.length > 0 && value.every(isNumber) ? [{ path, values: value }] : undefined;
  if (!isObject(value) || path.length > 1) return undefined;
  const below = Object.entries(value).map(([key, part]) => seriesBelow(part, [...path, key]));
  return below.every((one) => one !== undefined) ? below.flat() : undefined;
}

/** `trainer_state.json` of the HF Trainer. */
export const trainerState: MetricFormat = {
  name: "HF Trainer state",
  recognises: (value) => isList(valueAt(value, "log_history")) && valueAt(value, "global_step") !== undefined,
  read(source) {
    const history = valueAt(source.value, "log_history");
    const values = new Map<string, FoundValue>();
    for (const [at, entry] of (isList(history) ? history : []).entries()) {
      for (const [name, value] of Object.entries(isObject(entry) ? entry : {})) {
        if (isBookkeeping(name)) continue;
        values.set(name, found(source, ["log_history", at, name], name, value, { ...stepOf(entry) }));
      }
    }
    return [...values.values()];
  },
};

/** `catboost_training.json`: the last iteration, of each set of rows. */
export const catboostTraining: MetricFormat = {
  name: "CatBoost training",
  recognises: (value) => isList(valueAt(value, "iterations")) && isList(valueAt(value, "meta", "learn_metrics")),
  read(source) {
    const iterations = valueAt(source.value, "iterations");
    const at = isList(iterations) ? iterations.length - 1 : -1;
    const last = isList(iterations) ? iterations[at] : undefined;
    return ["learn", "test"].flatMap((set) => {
      const [names, values] = [valueAt(source.value, "meta", `${set}_metrics`), valueAt(last, set)];
      return (isList(names) ? names : []).map((metric, index) =>
        found(
          source,
          ["iterations", at, set, index],
          `${set}.${String(valueAt(metric, "name"))}`,
          isList(values) ? values[index] : undefined,
          { step: at },
        ),
      );
    });
  },
};

/** A list of results, also in lines, as Ray Tune writes them: rows as in a table. */
export const resultList: MetricFormat = {
  name: "JSON Lines, list of results",
  recognises: (value) => readList({ path: "", value, placeOf: () => ({ file: "" }) }) !== undefined,
  read: (source) => readList(source) ?? [],
};

/** Columns times rows: where each of many rows has names of its own, looking at all columns of all rows takes too long. */
const MAX_CELLS = 20_000_000;

function readList(source: MetricSource): readonly FoundValue[] | undefined {
  const { value: list } = source;
  if (!isList(list) || list.length === 0 || !list.every(isObject)) return undefined;
  const report = readReport(source, list);
  if (report !== undefined) return report;
  const columns = new Map<string, number>();
  const rows = list.map((entry, at): Row => {
    const cells = new Map<number, FoundValue>();
    for (const [key, part] of Object.entries(entry)) {
      const values = isObject(part) ? flatten(source, part, [at, key], 1) : [found(source, [at, key], key, part)];
      for (const value of values) {
        const column = columns.get(value.name) ?? columns.size;
        columns.set(value.name, column);
        cells.set(column, value);
      }
    }
    return { cells: cellsOf(cells), placeOf: (column) => cells.get(column)?.place() ?? source.placeOf([at]) };
  });
  if (columns.size * rows.length > MAX_CELLS) return undefined;
  // BigQuery and Comet write all numbers as texts.
  const isText = list.every((entry) =>
    Object.entries(entry).every(([key, value]) => typeof value !== "number" || isBookkeeping(key)),
  );
  return readRows(
    createTable({ columns: [...columns.keys()], rows, readCell: isText ? toValue : (value) => ({ value }) }),
  );
}

/** Of OpenAI's evals, which write a line for each example, and one with the result. */
function readReport(source: MetricSource, list: readonly JsonObject[]): readonly FoundValue[] | undefined {
  const reports = list.flatMap((entry, at) => (isObject(entry["final_report"]) ? [at] : []));
  const [at, second] = reports;
  if (at === undefined || second !== undefined) return undefined;
  return flatten(source, list[at]?.["final_report"], [at, "final_report"], 2);
}

const cellsOf = (cells: ReadonlyMap<number, FoundValue>): Row["cells"] => ({
  entries: () => [...cells].map(([column, { value }]) => [column, value]),
  at: (column) => cells.get(column)?.value,
});

function stepOf(line: unknown): { readonly step?: number } {
  const keys = ["step", "global_step", "training_iteration", "iteration", "epoch"];
  const step = keys.map((key) => valueAt(line, key)).find((value) => Number.isInteger(value) && Number(value) >= 0);
  return optional("step", step);
}
