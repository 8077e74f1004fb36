/** Metrics as they were read, each with its place, and the checks that all of them must pass. */
import { type Place, userError } from "../../problem/problem.ts";
import type { Metric } from "../../records/fields.ts";
import { metricKey } from "../../records/metric-key.ts";
import { quoteText } from "../../text/document/document.ts";

export interface ParsedMetric extends Metric {
  /** Called only when something is wrong: finding a place means parsing the text again. */
  readonly place: () => Place;
}

/** `mae`, or `mae of the slice "poor-health"`. */
export const formatMetricName = ({ name, slice }: Pick<Metric, "name" | "slice">): string =>
  slice === null ? quoteText(name) : `${quoteText(name)} of the slice ${quoteText(slice)}`;

/** More than a comment can show and a person can read; a file with more is not a metrics file. */
const MAX_METRICS = 10_000;
/** As the policy's names: on one line, and short enough for a table. */
const VALID_NAME = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/**
 * Names are valid, no metric appears twice, and there is at least one.
 *
 * @throws ActionError `metrics-odd-name`, `metrics-duplicate`, `metrics-too-many`, `metrics-empty`
 */
export function assertValidMetrics(metrics: readonly ParsedMetric[], file: string): void {
  const seen = new Map<string, ParsedMetric>();
  for (const metric of metrics) {
    for (const name of [metric.name, metric.slice ?? "-"]) {
      if (VALID_NAME.test(name)) continue;
      const message = `${quoteText(name)} cannot be the name of a metric or slice`;
      throw userError({
        code: "metrics-odd-name",
        message,
        place: metric.place(),
        fix: "Use 1 to 200 characters on one line",
      });
    }
    const key = metricKey(metric);
    const first = seen.get(key);
    if (first !== undefined) throw duplicate(metric, first.place());
    seen.set(key, metric);
  }
  if (seen.size > MAX_METRICS) {
    const message = `there are ${seen.size} metrics in it, more than ${MAX_METRICS}`;
    throw userError({ code: "metrics-too-many", message, place: { file }, fix: "Write only what is judged or shown" });
  }
  if (seen.size === 0) {
    const fix = 'Write at least one, for example {"mae": 0.71}';
    throw userError({ code: "metrics-empty", message: "there are no metrics in it", place: { file }, fix });
  }
}

function duplicate(metric: ParsedMetric, first: Place): Error {
  const place = metric.place();
  const where = first.file === place.file ? `line ${first.line ?? 1}` : first.file;
  return userError({
    code: "metrics-duplicate",
    message: `${formatMetricName(metric)} is already in ${where}`,
    place,
    fix: "Write each metric once: the gate does not choose between two values",
  });
}
