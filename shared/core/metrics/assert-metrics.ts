/** What the metrics of a file must be as a whole. */
import { userError } from "../../problem/problem.ts";
import { quoteText } from "../../text/document/document.ts";
import type { ParsedMetric, SkippedValue } from "./sort-out.ts";

/** More than a comment can show and a person can read; a file with more is not a metrics file. */
const MAX_METRICS = 10_000;
/** A log of fifty columns and three thousand epochs is below this; so is what any tool writes at the end. */
const MAX_PARTS = 150_000;
/** What stands between two values in one of the kinds: commas, lines, tabs, elements, and so on. */
const SEPARATORS = new Set([...",\n\t;|<=:.{["].map((character) => character.charCodeAt(0)));

/**
 * What would take long to read is refused by its bytes alone, in some milliseconds.
 *
 * @throws ActionError `metrics-too-many`
 */
export function assertFewParts(text: string, file: string): void {
  const counts = new Uint32Array(128);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127 || !SEPARATORS.has(code)) continue;
    const count = (counts[code] ?? 0) + 1;
    counts[code] = count;
    if (count <= MAX_PARTS) continue;
    const message = `there are more than ${MAX_PARTS} ${JSON.stringify(String.fromCharCode(code))} in it`;
    throw userError({ code: "metrics-too-many", message, place: { file }, fix: "Write only what is judged or shown" });
  }
}

/**
 * There is at least one, and not too many.
 *
 * @param skipped what else the file has
 * @throws ActionError `metrics-too-many`, `metrics-empty`; where something else is there, `metrics-not-finite`,
 * `metrics-not-a-number`, `metrics-duplicate`, `metrics-odd-name`
 */
export function assertMetrics(metrics: readonly ParsedMetric[], file: string, skipped: readonly SkippedValue[]): void {
  if (metrics.length > MAX_METRICS) {
    const message = `there are ${metrics.length} metrics in it, more than ${MAX_METRICS}`;
    throw userError({ code: "metrics-too-many", message, place: { file }, fix: "Write only what is judged or shown" });
  }
  if (metrics.length > 0) return;
  const odd = skipped.find(({ isSuspicious }) => isSuspicious) ?? skipped[0];
  const fix = 'Write at least one finite number, for example {"mae": 0.71}';
  if (odd === undefined)
    throw userError({ code: "metrics-empty", message: "there are no metrics in it", place: { file }, fix });
  const { code, name, why } = odd;
  const message = `${quoteText(name)} ${why}, and there is no metric beside it`;
  throw userError({ code, message, place: odd.place(), fix });
}
