/** Intervals of one share, and of the difference of two shares that were measured on different cases. */
import { normalAbove, normalQuantile } from "../distribution/normal.ts";
import type { Estimate, Interval } from "../estimate.ts";
import { findBadShare, type Inconclusive, inconclusive } from "../inconclusive.ts";
import { smallestDetectable } from "../power/detectable.ts";
import { smallestMcnemar } from "../power/mcnemar-power.ts";

/**
 * Wilson's score interval of a share. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
 *
 * @param share of `n` cases, from 0 to 1
 */
export function wilsonInterval(share: number, n: number, confidence: number): Interval | Inconclusive {
  const bad = findBadSample(share, n) ?? findBadShare(confidence, "confidence");
  if (bad !== undefined) return bad;
  return scoreInterval(share, n, confidence);
}

function scoreInterval(share: number, n: number, confidence: number): Interval {
  const z = normalQuantile((1 + confidence) / 2);
  const center = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return { low: share === 0 ? 0 : Math.max(0, center - half), high: share === 1 ? 1 : Math.min(1, center + half) };
}

function findBadSample(share: number, n: number): Inconclusive | undefined {
  if (!Number.isFinite(share) || !Number.isFinite(n))
    return inconclusive("not-finite", "a share or its n is not finite");
  if (n < 1) return inconclusive("too-few", "there are no cases");
  return share >= 0 && share <= 1 ? undefined : inconclusive("out-of-range", "a share is not between 0 and 1");
}

export interface ShareSummary {
  /** From 0 to 1. */
  readonly share: number;
  readonly n: number;
}

/**
 * Two shares of different cases: the pooled z-test, and Newcombe's interval from two score intervals ("Interval estimation
 * for the difference between independent proportions", 1998, method 10). Where both were measured on the same cases it finds
 * less than a paired test would.
 */
export function compareShares(candidate: ShareSummary, baseline: ShareSummary): Estimate | Inconclusive {
  const bad = findBadSample(candidate.share, candidate.n) ?? findBadSample(baseline.share, baseline.n);
  if (bad !== undefined) return bad;
  const difference = candidate.share - baseline.share;
  const pooled = (candidate.share * candidate.n + baseline.share * baseline.n) / (candidate.n + baseline.n);
  const stderr = Math.sqrt(pooled * (1 - pooled) * (1 / candidate.n + 1 / baseline.n));
  const n = Math.min(candidate.n, baseline.n);
  return {
    ...{ method: "z-test of two shares", n, difference },
    interval: (confidence) => newcombe(candidate, baseline, confidence),
    ...(stderr > 0
      ? {
          pLower: normalAbove(-difference / stderr),
          pHigher: normalAbove(difference / stderr),
          detectable: smallestDetectable(stderr, Number.POSITIVE_INFINITY),
        }
      : {
          // Both are 0 or both are 1. As many cases must change as must be lost in a paired test.
          ...{ pLower: 1, pHigher: 1 },
          detectable: (alpha: number, power: number) => smallestMcnemar(n, 1 / n, alpha, power),
        }),
  };
}

function newcombe(candidate: ShareSummary, baseline: ShareSummary, confidence: number): Interval {
  const [a, b] = [candidate, baseline].map(({ share, n }) => ({ share, ...scoreInterval(share, n, confidence) }));
  if (a === undefined || b === undefined) return { low: -1, high: 1 };
  const difference = a.share - b.share;
  return {
    low: difference - Math.hypot(a.share - a.low, b.high - b.share),
    high: difference + Math.hypot(a.high - a.share, b.share - b.low),
  };
}
