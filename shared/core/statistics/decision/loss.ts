/** An estimate seen as a loss: how much worse the candidate is, whichever direction is better. */
import { findRoot } from "../distribution/find-root.ts";
import type { Estimate, Interval } from "../estimate.ts";

export type Better = "higher" | "lower";

export const lossOf = ({ difference }: Estimate, better: Better): number =>
  // Plus 0, so that no loss is not minus 0.
  (better === "higher" ? -difference : difference) + 0;

/** Two-sided; in the metric's unit, above 0 where the candidate is worse. */
export function lossInterval(estimate: Estimate, better: Better, confidence: number): Interval {
  const { low, high } = estimate.interval(confidence);
  return better === "higher" ? { low: -high, high: -low } : { low, high };
}

/**
 * P of what was seen, or worse, if the candidate truly loses only `allowed`: the level of the one-sided interval that begins
 * there. 1 when less than that was lost.
 */
export function pOfLossBeyond(estimate: Estimate, better: Better, allowed: number): number {
  const loss = lossOf(estimate, better);
  if (allowed === 0) return better === "higher" ? estimate.pLower : estimate.pHigher;
  if (loss <= allowed) return 1;
  // In the logarithm of the tail, as confidences near 1 lose their digits.
  const beginsBelow = (logTail: number): number =>
    lossInterval(estimate, better, 1 - 2 * Math.exp(logTail)).low - allowed;
  return Math.exp(findRoot(beginsBelow, Math.log(1e-12), Math.log(0.5), 1e-9));
}
