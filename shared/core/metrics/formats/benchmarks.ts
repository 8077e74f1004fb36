/** Benchmarks: latency, size and the like, with units. */
import {
  type FoundValue,
  found,
  isFiniteNumber,
  isList,
  isObject,
  type MetricFormat,
  optional,
  valueAt,
} from "./format.ts";
import { flatten } from "./nested.ts";

/** github-action-benchmark, `customBiggerIsBetter` and `customSmallerIsBetter`. */
export const actionBenchmark: MetricFormat = {
  name: "github-action-benchmark",
  recognises: (value) =>
    isList(value) &&
    value.length > 0 &&
    value.every((one) => ["name", "unit", "value"].every((key) => valueAt(one, key) !== undefined)),
  read: (source) =>
    (isList(source.value) ? source.value : []).map((entry, at) => {
      const unit = valueAt(entry, "unit");
      const more = typeof unit === "string" && unit !== "" ? { unit: unit.slice(0, MAX_UNIT) } : {};
      return found(source, [at, "value"], String(valueAt(entry, "name")), valueAt(entry, "value"), more);
    }),
};
const MAX_UNIT = 40;

/** Bencher Metric Format: `<benchmark>.<measure>.{value, lower_value, upper_value}`. */
export const bencher: MetricFormat = {
  name: "Bencher",
  recognises: (value) =>
    isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every(
      (measures) => isObject(measures) && Object.keys(measures).length > 0 && Object.values(measures).every(isMeasure),
    ),
  read: (source) =>
    Object.entries(isObject(source.value) ? source.value : {}).flatMap(([benchmark, measures]) =>
      Object.entries(isObject(measures) ? measures : {}).map(([measure, entry]) =>
        found(source, [benchmark, measure, "value"], `${benchmark}.${measure}`, valueAt(entry, "value")),
      ),
    ),
};

const isMeasure = (value: unknown): boolean =>
  isObject(value) &&
  Object.hasOwn(value, "value") &&
  Object.keys(value).every((key) => ["value", "lower_value", "upper_value"].includes(key));

const TIMES = ["mean", "median", "min", "max"] as const;

/** pytest-benchmark `--benchmark-json`: seconds. */
export const pytestBenchmark: MetricFormat = {
  name: "pytest-benchmark",
  recognises: (value) => isList(valueAt(value, "benchmarks")) && isObject(valueAt(value, "machine_info")),
  read: (source) => readTimes(source, "benchmarks", "name", ["stats"]),
};

/** hyperfine `--export-json`: seconds. */
export const hyperfine: MetricFormat = {
  name: "hyperfine",
  recognises(value) {
    const results = valueAt(value, "results");
    return isList(results) && results.length > 0 && results.every((one) => valueAt(one, "command") !== undefined);
  },
  read: (source) => readTimes(source, "results", "command", []),
};

function readTimes(
  source: Parameters<MetricFormat["read"]>[0],
  list: string,
  label: string,
  below: readonly string[],
): readonly FoundValue[] {
  const entries = valueAt(source.value, list);
  return (isList(entries) ? entries : []).flatMap((entry, at) => {
    const stats = valueAt(entry, ...below);
    const [n, deviation] = [valueAt(stats, "rounds"), valueAt(stats, "stddev")];
    const stderr =
      isFiniteNumber(n) && n > 0 && isFiniteNumber(deviation) ? { n, stderr: deviation / Math.sqrt(n) } : {};
    return TIMES.map((key) =>
      found(source, [list, at, ...below, key], `${String(valueAt(entry, label))}.${key}`, valueAt(stats, key), {
        unit: "s",
        ...(key === "mean" && stderr),
      }),
    );
  });
}

/** pyperf `-o`: of each benchmark the mean of all values that its runs measured. */
export const pyperf: MetricFormat = {
  name: "pyperf",
  recognises(value) {
    const list = valueAt(value, "benchmarks");
    return isList(list) && list.length > 0 && list.every((one) => isList(valueAt(one, "runs")));
  },
  read(source) {
    const list = valueAt(source.value, "benchmarks");
    return (isList(list) ? list : []).flatMap((benchmark, at): readonly FoundValue[] => {
      const metadata = (key: string): unknown =>
        valueAt(benchmark, "metadata", key) ?? valueAt(source.value, "metadata", key);
      const runs = valueAt(benchmark, "runs");
      const values = (isList(runs) ? runs : []).flatMap((run) => valueAt(run, "values") ?? []);
      if (values.length === 0 || !values.every(isFiniteNumber)) return [];
      const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
      const unit = metadata("unit") === "byte" ? "B" : "s";
      const more = { n: values.length, ...(metadata("unit") !== "integer" && { unit }) };
      return [found(source, ["benchmarks", at], `${String(metadata("name"))}.mean`, mean, more)];
    });
  },
};

/** k6, `--summary-export` and `handleSummary`. */
export const k6: MetricFormat = {
  name: "k6 summary",
  recognises: (value) => isObject(valueAt(value, "root_group")) && isObject(valueAt(value, "metrics")),
  read(source) {
    const metrics = valueAt(source.value, "metrics");
    return Object.entries(isObject(metrics) ? metrics : {}).flatMap(([name, metric]) => {
      const values = valueAt(metric, "values");
      const [part, path] = isObject(values) ? [values, ["metrics", name, "values"]] : [metric, ["metrics", name]];
      return Object.entries(isObject(part) ? part : {}).flatMap(([key, value]) =>
        isObject(value) ? [] : [found(source, [...path, key], `${name}.${key}`, value)],
      );
    });
  },
};

/** promptfoo `--output results.json`: how many cases passed, of how many; an error is no success. */
export const promptfoo: MetricFormat = {
  name: "promptfoo",
  recognises: (value) => isFiniteNumber(valueAt(value, "results", "stats", "successes")),
  read(source) {
    const stats = valueAt(source.value, "results", "stats");
    const count = (key: string): number => {
      const value = valueAt(stats, key);
      return isFiniteNumber(value) ? value : 0;
    };
    const n = count("successes") + count("failures") + count("errors");
    const path = ["results", "stats"];
    const counts = ["successes", "failures", "errors"].map((key) => found(source, [...path, key], key, count(key)));
    const rate = n === 0 ? [] : [found(source, path, "pass_rate", count("successes") / n, { ...optional("n", n) })];
    const scores = valueAt(source.value, "results", "namedScores") ?? valueAt(source.value, "results", "prompts");
    return [...rate, ...counts, ...(isObject(scores) ? flatten(source, scores, ["results", "namedScores"], 2) : [])];
  },
};
