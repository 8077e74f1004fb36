/** lm-evaluation-harness, `results_*.json`: `results.<task>.<metric>,<filter>`, older releases without a filter. */
import { type FoundValue, found, isFiniteNumber, isObject, type MetricFormat, optional, valueAt } from "./format.ts";

const STDERR = /_stderr$/;

export const lmEval: MetricFormat = {
  name: "lm-evaluation-harness",
  recognises: (value) =>
    isObject(valueAt(value, "results")) &&
    isObject(valueAt(value, "versions")) &&
    ["configs", "n-shot", "config"].some((key) => isObject(valueAt(value, key))),
  read(source) {
    return ["results", "groups"].flatMap((part) => {
      const tasks = valueAt(source.value, part);
      if (!isObject(tasks)) return [];
      return Object.entries(tasks).flatMap(([task, values]): readonly FoundValue[] => {
        // A group stands among the tasks as well.
        if (!isObject(values) || (part === "groups" && valueAt(source.value, "results", task) !== undefined)) return [];
        const filters = Map.groupBy(Object.keys(values), (key) => key.split(",")[0] ?? "");
        return Object.entries(values).flatMap(([key, value]) => {
          const [metric = "", filter = ""] = key.split(",");
          if (metric === "alias" || metric === "sample_len" || STDERR.test(metric)) return [];
          const n = valueAt(source.value, "n-samples", task, "effective");
          const higher = valueAt(source.value, "higher_is_better", task, metric);
          return [
            found(
              source,
              [part, task, key],
              `${task}.${nameOf(metric, filter, filters.get(metric)?.length ?? 0)}`,
              value,
              {
                ...optional(
                  "stderr",
                  positive(values[filter === "" ? `${metric}_stderr` : `${metric}_stderr,${filter}`]),
                ),
                ...optional("n", positive(n)),
                ...(typeof higher === "boolean" && { better: higher ? "higher" : "lower" }),
              },
            ),
          ];
        });
      });
    });
  },
};

/** The filter is part of the name only where a metric was measured with several. */
function nameOf(metric: string, filter: string, filters: number): string {
  return filter === "" || filter === "none" || filters === 1 ? metric : `${metric},${filter}`;
}

const positive = (value: unknown): unknown => (isFiniteNumber(value) && value >= 0 ? value : undefined);
