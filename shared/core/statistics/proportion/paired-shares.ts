/** Right and wrong answers of two models on the same cases: the exact McNemar test with Tango's interval. */
import { binomialAtLeast } from "../distribution/binomial.ts";
import { findRoot } from "../distribution/find-root.ts";
import { normalAbove, normalQuantile } from "../distribution/normal.ts";
import type { Estimate, Interval } from "../estimate.ts";
import { type Inconclusive, inconclusive } from "../inconclusive.ts";
import { smallestMcnemar } from "../power/mcnemar-power.ts";

export interface PairedCounts {
  /** All cases. */
  readonly n: number;
  /** Cases that only the candidate has right. */
  readonly gained: number;
  /** Cases that only the baseline has right. */
  readonly lost: number;
}

/**
 * McNemar, "Note on the sampling error of the difference between correlated proportions", 1947, with the exact binomial
 * tails: of the cases where both differ, each side gets half if neither is better.
 */
export function comparePairedShares(counts: PairedCounts): Estimate | Inconclusive {
  const { n, gained, lost } = counts;
  if (![n, gained, lost].every((count) => Number.isSafeInteger(count) && count >= 0) || gained + lost > n) {
    return inconclusive("out-of-range", "the counts of cases are not whole numbers that fit together");
  }
  if (n === 0) return inconclusive("too-few", "there are no cases");
  const differing = gained + lost;
  return {
    method: "exact McNemar test",
    n,
    difference: (gained - lost) / n,
    pLower: binomialAtLeast(lost, differing, 0.5),
    pHigher: binomialAtLeast(gained, differing, 0.5),
    interval: (confidence) => tangoInterval(counts, confidence),
    // One more than was seen: where nothing differed by chance, more may differ the next time.
    detectable: (alpha, power) => smallestMcnemar(n, Math.min(1, (differing + 1) / n), alpha, power),
  };
}

/** P of so many gained cases or more, if the candidate's share is truly lower by `margin`: small when it is not inferior. */
export const pNotInferior = (counts: PairedCounts, margin: number): number => normalAbove(scoreAt(counts, -margin));

/**
 * All differences that the score test does not reject. Tango, "Equivalence test and confidence interval for the difference in
 * proportions for the paired-sample design", 1998. It is sensible also where no case differs.
 */
function tangoInterval(counts: PairedCounts, confidence: number): Interval {
  const z = normalQuantile((1 + confidence) / 2);
  const difference = (counts.gained - counts.lost) / counts.n;
  return {
    low: difference <= -1 ? -1 : findRoot((at) => z - scoreAt(counts, at), -1, difference),
    high: difference >= 1 ? 1 : findRoot((at) => -z - scoreAt(counts, at), difference, 1),
  };
}

/** How many standard errors the counts are above what a true `difference` would give, by its own maximum likelihood. */
function scoreAt({ n, gained, lost }: PairedCounts, difference: number): number {
  const excess = gained - lost - n * difference;
  if (excess === 0) return 0;
  const linear = (2 * n - gained + lost) * difference - gained - lost;
  const constant = -lost * difference * (1 - difference);
  const root = Math.sqrt(Math.max(0, linear * linear - 8 * n * constant));
  // Of two forms of the same solution the one without cancellation.
  const lostShare = linear <= 0 ? (root - linear) / (4 * n) : (-2 * constant) / (linear + root);
  const variance = n * (2 * lostShare + difference * (1 - difference));
  return variance > 0 ? excess / Math.sqrt(variance) : Math.sign(excess) * Number.POSITIVE_INFINITY;
}
