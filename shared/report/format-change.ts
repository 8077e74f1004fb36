/** How a metric changed: an arrow and a word, so that neither colour nor direction is the only sign. */
import { absolute, decimalOf, formatDecimal, subtract } from "../text/decimal/decimal.ts";
import { formatNumber } from "./format-number.ts";
import { EMPTY_MARKDOWN, type Markdown, md } from "./markdown.ts";

export type MetricDirection = "higher" | "lower" | "neither" | undefined;

/** @param better which direction is good; without it the word only names the direction */
export function formatChange(better: MetricDirection, baseline: number | null, candidate: number | null): Markdown {
  if (baseline === null || candidate === null) return EMPTY_MARKDOWN;
  if (baseline === candidate) return md`= same`;
  const up = candidate > baseline;
  const word =
    better === undefined || better === "neither"
      ? up
        ? "higher"
        : "lower"
      : up === (better === "higher")
        ? "better"
        : "worse";
  // In decimal arithmetic, as in the gate: 0.3 is 0.1 above 0.2, and not 0.09999999999999998.
  const amount = Number(formatDecimal(absolute(subtract(decimalOf(candidate), decimalOf(baseline)))).replace("≈ ", ""));
  const share = (amount / Math.abs(baseline)) * 100;
  const percent = Number.isFinite(share) ? md`, ${formatNumber(share, 2)} %` : EMPTY_MARKDOWN;
  return md`${up ? "▲" : "▼"} ${formatNumber(amount, 4)} ${word}${percent}`;
}

/** How much a value changed relative to its size, for sorting; values that are new or missing come first. */
export function relativeChange(baseline: number | null, candidate: number | null): number {
  if (baseline === null && candidate === null) return 0;
  if (baseline === null || candidate === null) return Number.POSITIVE_INFINITY;
  if (baseline === candidate) return 0;
  return Math.abs(candidate - baseline) / Math.max(Math.abs(baseline), Math.abs(candidate));
}
