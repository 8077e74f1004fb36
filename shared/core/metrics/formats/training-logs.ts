/** What training loops log: the last value of each series. */
import { metricKey } from "../../../records/metric-key.ts";
import { type FoundValue, found, isList, isNumber, isObject, type MetricFormat, optional, valueAt } from "./format.ts";
import { namedValues } from "./named-values.ts";
import { isBookkeeping } from "./nested.ts";

/** Keras `model.fit(…).history`, and `evals_result` of XGBoost and LightGBM: a list for each metric, one value an epoch or round. */
export const history: MetricFormat = {
  name: "Keras history, XGBoost evals_result",
  recognises(value) {
    const series = seriesBelow(value, []) ?? [];
    const [first] = series;
    if (first === undefined || first.values.length === 0) return false;
    // Lists of folds, classes or rows look the same, and their last value is no result.
    const isKnown = series.some(({ path: [key = "", below] }) =>
      below === undefined ? LOSS.test(key) : SET.test(key),
    );
    return isKnown && series.every(({ values }) => values.length === first.values.length);
  },
  read: (source) =>
    (seriesBelow(source.value, []) ?? []).map(({ path, values }) =>
      found(source, [...path, values.length - 1], path.join("."), values.at(-1), { step: values.length - 1 }),
    ),
};

/** Keras always has one; boosters name the sets of rows that they evaluate. */
const LOSS = /(?:^|_)loss$/;
const SET = /^(?:validation_\d+|valid(?:_\d+|ation)?|eval(?:_\d+)?|train(?:ing)?|test|dtrain|dtest)$/;

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

/**
 * A list of results, also in lines, as Ray Tune writes them: of a log the last one, of results with names each by its name, and
 * of one result alone that.
 */
export const resultList: MetricFormat = {
  name: "JSON Lines, list of results",
  recognises(value) {
    if (!isList(value) || value.length === 0 || !value.every(isObject)) return false;
    return value.length === 1 || namedValues(value) !== undefined || isLog(value);
  },
  read(source) {
    const rows = (isList(source.value) ? source.value : []).filter(isObject);
    const named = namedValues(rows);
    if (named !== undefined) {
      const last = new Map(named.map((one) => [metricKey({ name: one.name, slice: one.slice }), one]));
      return [...last.values()].map(({ name, slice, value, path }) =>
        found(source, path, name, value, { slice, ...stepOf(rows[Number(path[0])]) }),
      );
    }
    const at = rows.length - 1;
    const row = rows[at] ?? {};
    return Object.entries(row).flatMap(([key, value]) =>
      isBookkeeping(key) || RAY.test(key) ? [] : [found(source, [at, key], key, value, { ...stepOf(row) })],
    );
  },
};

/** Whether each row says when it was, and none is before the one above it. */
function isLog(rows: readonly unknown[]): boolean {
  const steps = rows.map((row) => STEPS.map((key) => valueAt(row, key)).find(isNumber));
  return steps.every((step, at) => step !== undefined && step >= (steps[at - 1] ?? step));
}

/** What Ray Tune adds to each result. */
const RAY =
  /^(?:done|trial_id|experiment_(?:id|tag)|pid|hostname|node_ip|config|should_checkpoint|checkpoint_dir_name|(?:time|timesteps|iterations|episodes)_(?:this_iter_s|total_s|since_restore|total|this_iter))$/;

const STEPS = ["step", "global_step", "training_iteration", "iteration", "epoch"] as const;

function stepOf(line: unknown): { readonly step?: number } {
  const step = STEPS.map((key) => valueAt(line, key)).find((value) => Number.isInteger(value) && Number(value) >= 0);
  return optional("step", step);
}
