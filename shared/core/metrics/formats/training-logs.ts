/** What training loops log: the last value of each series. */
import { type FoundValue, found, isList, isNumber, isObject, type MetricFormat, optional, valueAt } from "./format.ts";
import { isBookkeeping } from "./nested.ts";

/** Keras `model.fit(…).history`, and `evals_result` of XGBoost and LightGBM: a list for each metric, one value an epoch or round. */
export const history: MetricFormat = {
  name: "Keras history, XGBoost evals_result",
  recognises(value) {
    const series = seriesBelow(value, []);
    const [first] = series ?? [];
    return (
      first !== undefined &&
      first.values.length > 0 &&
      (series ?? []).every((one) => one.values.length === first.values.length)
    );
  },
  read: (source) =>
    (seriesBelow(source.value, []) ?? []).map(({ path, values }) =>
      found(source, [...path, values.length - 1], path.join("."), values.at(-1), { step: values.length - 1 }),
    ),
};

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
 * Results in lines, as Ray Tune and others write them: the last line, and for a line that names one metric the last of that
 * name.
 */
export const jsonLines: MetricFormat = {
  name: "JSON Lines",
  recognises: (value) => isList(value) && value.length > 0 && value.every(isObject),
  read(source) {
    const lines = (isList(source.value) ? source.value : []).filter(isObject);
    const named = lines.map((line) => [line["metric"] ?? line["name"] ?? line["key"], line["value"]] as const);
    if (named.every(([name, value]) => typeof name === "string" && value !== undefined)) {
      const last = new Map(named.map(([name, value], at) => [String(name), { value, at }]));
      return [...last].map(([name, { value, at }]) =>
        found(source, [at, "value"], name, value, { slice: textOf(lines[at]?.["slice"]), ...stepOf(lines[at]) }),
      );
    }
    const at = lines.length - 1;
    const line = lines[at] ?? {};
    return Object.entries(line).flatMap(([key, value]) =>
      isBookkeeping(key) || RAY.test(key) ? [] : [found(source, [at, key], key, value, { ...stepOf(line) })],
    );
  },
};

/** What Ray Tune adds to each result. */
const RAY =
  /^(?:done|trial_id|experiment_(?:id|tag)|pid|hostname|node_ip|config|should_checkpoint|checkpoint_dir_name|(?:time|timesteps|iterations|episodes)_(?:this_iter_s|total_s|since_restore|total|this_iter))$/;

const STEPS = ["step", "global_step", "training_iteration", "iteration"] as const;

function stepOf(line: unknown): { readonly step?: number } {
  const step = STEPS.map((key) => valueAt(line, key)).find((value) => Number.isInteger(value) && Number(value) >= 0);
  return optional("step", step);
}

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
