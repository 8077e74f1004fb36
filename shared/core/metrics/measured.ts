/** Metrics as they were read, each with its place, and what every reader holds them to. */
import { mistake, type Place } from "../../action/problem.ts";
import type { Metric } from "../../records/parts.ts";
import { quote } from "../document/document.ts";

export interface Measured extends Metric {
  /** Asked for only when something is wrong: finding a place means reading the text again. */
  readonly place: () => Place;
}

/** `mae`, or `mae of the slice "poor-health"`. */
export const nameOf = ({ name, slice }: Pick<Metric, "name" | "slice">): string =>
  slice === null ? quote(name) : `${quote(name)} of the slice ${quote(slice)}`;

/** One text for one name and slice: the separator is no part of a sound name. */
export const keyOf = ({ name, slice }: Pick<Metric, "name" | "slice">): string =>
  slice === null ? name : `${name}\n${slice}`;

/** More than a comment can show and a person can read; a file beyond it is no file of metrics. */
const MOST_METRICS = 10_000;
/** As the policy's names: on one line, and short enough for a table. */
const SOUND_NAME = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/**
 * Names that are sound, no metric twice, at least one.
 *
 * @throws ActionFailure `metrics-odd-name`, `metrics-duplicate`, `metrics-too-many`, `metrics-empty`
 */
export function assertDistinct(measured: readonly Measured[], file: string): void {
  const seen = new Map<string, Measured>();
  for (const metric of measured) {
    for (const name of [metric.name, metric.slice ?? "-"]) {
      if (SOUND_NAME.test(name)) continue;
      const message = `${quote(name)} cannot be the name of a metric or slice`;
      throw mistake({
        code: "metrics-odd-name",
        message,
        place: metric.place(),
        fix: "Use 1 to 200 characters on one line",
      });
    }
    const key = keyOf(metric);
    const first = seen.get(key);
    if (first !== undefined) throw duplicate(metric, first.place());
    seen.set(key, metric);
  }
  if (seen.size > MOST_METRICS) {
    const message = `there are ${seen.size} metrics in it, more than ${MOST_METRICS}`;
    throw mistake({ code: "metrics-too-many", message, place: { file }, fix: "Write only what is judged or shown" });
  }
  if (seen.size === 0) {
    const fix = 'Write at least one, for example {"mae": 0.71}';
    throw mistake({ code: "metrics-empty", message: "there are no metrics in it", place: { file }, fix });
  }
}

function duplicate(metric: Measured, first: Place): Error {
  const place = metric.place();
  const where = first.file === place.file ? `line ${first.line ?? 1}` : first.file;
  return mistake({
    code: "metrics-duplicate",
    message: `${nameOf(metric)} is in ${where} already`,
    place,
    fix: "Write each metric once: the gate does not choose between two values",
  });
}
