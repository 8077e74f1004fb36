/** Benchmarks of functions: Google Benchmark, JMH, Criterion, Go. */
import { type FoundValue, found, isFiniteNumber, isList, isObject, type MetricFormat, valueAt } from "./format.ts";
import { toValue } from "./table.ts";

/** Google Benchmark counts and dates in these. */
const COUNTS =
  /^(?:family_index|per_family_instance_index|repetitions|repetition_index|threads|iterations|name|run_name|run_type|time_unit|label|aggregate_name|aggregate_unit)$/;

/** `--benchmark_format=json`. Of several repetitions the mean, with its standard error, and the median. */
export const googleBenchmark: MetricFormat = {
  name: "Google Benchmark",
  recognises: (value) => {
    const list = valueAt(value, "benchmarks");
    return isObject(valueAt(value, "context")) && isList(list) && list.length > 0 && list.every(isTimed);
  },
  read(source) {
    const list = valueAt(source.value, "benchmarks");
    const entries = (isList(list) ? list : []).filter(isObject).map((entry, at) => ({ entry, at }));
    const nameOf = (entry: unknown): string => String(valueAt(entry, "run_name") ?? valueAt(entry, "name"));
    const repeated = new Set(
      entries.filter(({ entry }) => entry["run_type"] === "aggregate").map(({ entry }) => nameOf(entry)),
    );
    return entries.flatMap(({ entry, at }): readonly FoundValue[] => {
      const name = nameOf(entry);
      const aggregate = repeated.has(name) ? entry["aggregate_name"] : "";
      if (aggregate !== "" && aggregate !== "mean" && aggregate !== "median") return [];
      const [unit, n] = [entry["time_unit"], entry["repetitions"]];
      const spread = entries.find(
        (one) => nameOf(one.entry) === name && valueAt(one.entry, "aggregate_name") === "stddev",
      )?.entry;
      return Object.entries(entry).flatMap(([key, value]) => {
        if (COUNTS.test(key)) return [];
        const deviation = valueAt(spread, key);
        const isKnown = aggregate === "mean" && isFiniteNumber(deviation) && isFiniteNumber(n) && n > 0;
        return [
          found(
            source,
            ["benchmarks", at, key],
            [name, key, ...(aggregate === "median" ? ["median"] : [])].join("."),
            value,
            {
              ...(/_time$/.test(key) && typeof unit === "string" && { unit }),
              ...(isKnown && { n, stderr: deviation / Math.sqrt(n) }),
            },
          ),
        ];
      });
    });
  },
};

const isTimed = (entry: unknown): boolean =>
  isFiniteNumber(valueAt(entry, "real_time")) ||
  valueAt(entry, "error_occurred") === true ||
  isList(valueAt(entry, "BigO"));

/** JMH `-rf json`: the score of each benchmark, with its parameters, and with its mode where it ran in several. */
export const jmh: MetricFormat = {
  name: "JMH",
  recognises: (value) =>
    isList(value) && value.length > 0 && value.every((one) => valueAt(one, "primaryMetric", "score") !== undefined),
  read(source) {
    const list = isList(source.value) ? source.value : [];
    const modes = Map.groupBy(list, (entry) => labelOf(entry));
    return list.map((entry, at) => {
      const [label, mode] = [labelOf(entry), valueAt(entry, "mode")];
      const isOnly = new Set(modes.get(label)?.map((one) => valueAt(one, "mode"))).size === 1;
      const unit = valueAt(entry, "primaryMetric", "scoreUnit");
      return found(
        source,
        [at, "primaryMetric", "score"],
        isOnly ? label : `${label}:${String(mode)}`,
        valueAt(entry, "primaryMetric", "score"),
        typeof unit === "string"
          ? { better: unit.startsWith("ops/") ? "higher" : "lower", unit: unit.slice(0, 40) }
          : {},
      );
    });
  },
};

function labelOf(entry: unknown): string {
  const params = valueAt(entry, "params");
  const written = Object.entries(isObject(params) ? params : {}).map(([key, value]) => `${key}=${String(value)}`);
  return [String(valueAt(entry, "benchmark")), ...(written.length === 0 ? [] : [`(${written.join(", ")})`])].join(" ");
}

/** Criterion's `target/criterion/<benchmark>/new/estimates.json`: nanoseconds. */
export const criterion: MetricFormat = {
  name: "Criterion estimates",
  recognises: (value) =>
    ["mean", "median", "std_dev"].every((key) => isFiniteNumber(valueAt(value, key, "point_estimate"))),
  read(source) {
    const benchmark = /(?:^|\/)criterion\/(.+)\/new\/[^/]+$/.exec(source.path)?.[1];
    return ["mean", "median"].map((key) => {
      const stderr = valueAt(source.value, key, "standard_error");
      return found(
        source,
        [key, "point_estimate"],
        benchmark === undefined ? key : `${benchmark}.${key}`,
        valueAt(source.value, key, "point_estimate"),
        { unit: "ns", ...(isFiniteNumber(stderr) && stderr >= 0 && { stderr }) },
      );
    });
  },
};

/** airspeed velocity's `results/<machine>/<commit>-<env>.json`: each combination of parameters has a value; times are seconds. */
export const asv: MetricFormat = {
  name: "airspeed velocity",
  recognises: (value) => {
    const columns = valueAt(value, "result_columns");
    return isObject(valueAt(value, "results")) && isList(columns) && columns[0] === "result" && columns[1] === "params";
  },
  read(source) {
    const results = valueAt(source.value, "results");
    return Object.entries(isObject(results) ? results : {}).flatMap(([name, row]): readonly FoundValue[] => {
      const [values, params] = isList(row) ? row : [];
      const lists = (isList(params) ? params : []).filter(isList);
      const count = lists.reduce((product, one) => product * one.length, 1);
      if (!isList(values) || values.length !== count || count > MAX_COMBINATIONS) return [];
      // The last of the parameters changes fastest.
      const combinations = lists.reduce<readonly string[]>(
        (all, one) => all.flatMap((left) => one.map((right) => (left === "" ? `${right}` : `${left}, ${right}`))),
        [""],
      );
      const unit = /(?:^|\.)time(?:raw)?_[^.]*$/.test(name) ? { unit: "s" } : {};
      return values.map((value, at) =>
        found(source, ["results", name, 0, at], combinations[at] ? `${name}(${combinations[at]})` : name, value, unit),
      );
    });
  },
};
const MAX_COMBINATIONS = 1000;

const GO_LINE = /^(Benchmark\S*)[ \t]+\d+((?:[ \t]+\S+[ \t]+\S+)+)[ \t]*$/;

/** Whether a line is what `go test -bench` prints for a benchmark. */
export const isGoBenchmark = (text: string): boolean => text.split(/\r?\n/).some((line) => GO_LINE.test(line));

/** `go test -bench`: one value for each unit; with `-count` the mean of the repeats. */
export function readGoBenchmark(text: string, file: string): readonly FoundValue[] {
  const lines = text.split(/\r?\n/).flatMap((line, at) => {
    const [, name = "", pairs = ""] = GO_LINE.exec(line) ?? [];
    return name === "" ? [] : [{ name, pairs: pairs.trim().split(/[ \t]+/), line: at + 1 }];
  });
  // Go writes how many processors it used behind each name, unless it is one.
  const processors = new Set(lines.map(({ name }) => /-\d+$/.exec(name)?.[0] ?? ""));
  const [suffix = ""] = processors.size === 1 ? processors : [];
  const counts = Map.groupBy(lines, ({ name }) => name);
  return lines.flatMap((one) => {
    const { name, pairs, line } = one;
    const repeats = counts.get(name) ?? [];
    return pairs.flatMap((value, at) => {
      const unit = pairs[at + 1];
      if (at % 2 === 1 || unit === undefined) return [];
      const label = `${suffix === "" ? name : name.slice(0, -suffix.length)}.${unit}`;
      const seed = repeats.length > 1 ? { seed: repeats.indexOf(one) } : {};
      return [{ name: label, value: toValue(value).value, unit, ...seed, place: () => ({ file, line }) }];
    });
  });
}
