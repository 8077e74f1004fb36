/** How a metric changed: an arrow for the eye, and a word, so that colour and direction are never the only sign. */
import { exact, print, size, subtract } from "../core/gate/exact.ts";
import { EMPTY, type Md, md } from "./markdown.ts";
import { show } from "./number.ts";

export type Better = "higher" | "lower" | undefined;

/** @param better which direction is good; without it the word says only which direction it was */
export function showChange(better: Better, baseline: number | null, candidate: number | null): Md {
  if (baseline === null || candidate === null) return EMPTY;
  if (baseline === candidate) return md`= same`;
  const up = candidate > baseline;
  const word = better === undefined ? (up ? "higher" : "lower") : up === (better === "higher") ? "better" : "worse";
  // In decimals, as the gate compares: 0.3 is 0.1 above 0.2, and not 0.09999999999999998.
  const amount = Number(print(size(subtract(exact(candidate), exact(baseline)))).replace("≈ ", ""));
  const share = (amount / Math.abs(baseline)) * 100;
  const percent = Number.isFinite(share) ? md`, ${show(share, 2)} %` : EMPTY;
  return md`${up ? "▲" : "▼"} ${show(amount, 4)} ${word}${percent}`;
}

/** How much a value moved next to its size, for sorting; what appeared or vanished comes first. */
export function weightOfChange(baseline: number | null, candidate: number | null): number {
  if (baseline === null && candidate === null) return 0;
  if (baseline === null || candidate === null) return Number.POSITIVE_INFINITY;
  if (baseline === candidate) return 0;
  return Math.abs(candidate - baseline) / Math.max(Math.abs(baseline), Math.abs(candidate));
}
