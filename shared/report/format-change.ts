/** How a metric changed: an arrow and a word, so that neither colour nor direction is the only sign. */
import { absolute, decimalOf, formatDecimal, subtract } from "../text/decimal/decimal.ts";
import { numberMarkdown } from "./format-number.ts";
import { EMPTY_MARKDOWN, joinMarkdown, type Markdown, md } from "./markdown.ts";

export type MetricDirection = "higher" | "lower" | "neither" | undefined;

/** @param better which direction is good; without it the word only names the direction */
export function formatChange(better: MetricDirection, baseline: number | null, candidate: number | null): Markdown {
  if (baseline === null || candidate === null) return EMPTY_MARKDOWN;
  if (baseline === candidate) return md`same`;
  return md`${candidate > baseline ? "▲" : "▼"} ${describeChange(better, baseline, candidate)}`;
}

/** `6.6 % (0.29) worse` */
export const describeChange = (better: MetricDirection, baseline: number, candidate: number): Markdown =>
  joinMarkdown([...formatSize(baseline, candidate), md`${describeDirection(better, baseline, candidate)}`], " ");

/** `6.6 % (0.29)`: relative and absolute, as far as they can be said. */
function formatSize(baseline: number, candidate: number): readonly Markdown[] {
  // In decimal arithmetic, as in the gate: 0.3 is 0.1 above 0.2, and not 0.09999999999999998.
  const difference = formatDecimal(absolute(subtract(decimalOf(candidate), decimalOf(baseline))));
  const amount = Number(difference.replace("≈ ", ""));
  if (!Number.isFinite(amount)) return [];
  const share = (amount / Math.abs(baseline)) * 100;
  const shown = numberMarkdown(amount, 2);
  if (!Number.isFinite(share) || share >= 10_000) return [shown];
  return [share < 0.01 ? md`&lt; 0.01 % (${shown})` : md`${numberMarkdown(share, 2)} % (${shown})`];
}

/** `better`, `worse`, or only where to. */
export function describeDirection(better: MetricDirection, baseline: number, candidate: number): string {
  const isUp = candidate > baseline;
  if (better === undefined || better === "neither") return isUp ? "higher" : "lower";
  return isUp === (better === "higher") ? "better" : "worse";
}

/** Whether it got worse; not without a known direction. */
export const isWorse = (better: MetricDirection, baseline: number | null, candidate: number | null): boolean =>
  baseline !== null &&
  candidate !== null &&
  baseline !== candidate &&
  describeDirection(better, baseline, candidate) === "worse";

/** How much a value changed relative to its size, for sorting; values that are new or missing come first. */
export function relativeChange(baseline: number | null, candidate: number | null): number {
  if (baseline === null && candidate === null) return 0;
  if (baseline === null || candidate === null) return Number.POSITIVE_INFINITY;
  if (baseline === candidate) return 0;
  const largest = Math.max(Math.abs(baseline), Math.abs(candidate));
  return Math.abs(candidate / largest - baseline / largest);
}
