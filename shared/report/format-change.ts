/** How a metric changed: an arrow for the eye, and a word, so that colour and direction are never the only sign. */
import { absolute, decimalOf, formatDecimal, subtract } from "../text/decimal/decimal.ts";
import { formatNumber } from "./format-number.ts";
import { EMPTY_MARKDOWN, type Markdown, md } from "./markdown.ts";

export type MetricDirection = "higher" | "lower" | undefined;

/** @param better which direction is good; without it the word says only which direction it was */
export function formatChange(better: MetricDirection, baseline: number | null, candidate: number | null): Markdown {
  if (baseline === null || candidate === null) return EMPTY_MARKDOWN;
  if (baseline === candidate) return md`= same`;
  const up = candidate > baseline;
  const word = better === undefined ? (up ? "higher" : "lower") : up === (better === "higher") ? "better" : "worse";
  // In decimals, as the gate compares: 0.3 is 0.1 above 0.2, and not 0.09999999999999998.
  const amount = Number(formatDecimal(absolute(subtract(decimalOf(candidate), decimalOf(baseline)))).replace("≈ ", ""));
  const share = (amount / Math.abs(baseline)) * 100;
  const percent = Number.isFinite(share) ? md`, ${formatNumber(share, 2)} %` : EMPTY_MARKDOWN;
  return md`${up ? "▲" : "▼"} ${formatNumber(amount, 4)} ${word}${percent}`;
}

/** How much a value moved next to its size, for sorting; what appeared or vanished comes first. */
export function relativeChange(baseline: number | null, candidate: number | null): number {
  if (baseline === null && candidate === null) return 0;
  if (baseline === null || candidate === null) return Number.POSITIVE_INFINITY;
  if (baseline === candidate) return 0;
  return Math.abs(candidate - baseline) / Math.max(Math.abs(baseline), Math.abs(candidate));
}
