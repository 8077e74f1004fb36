/** From resamples to an estimate: bias-corrected and accelerated (BCa) intervals, percentile intervals, and tails. */
import { normalAbove, normalBelow, normalQuantile } from "../distribution/normal.ts";
import type { Estimate, Interval } from "../estimate.ts";
import { type Inconclusive, inconclusive } from "../inconclusive.ts";
import { describeSample } from "../mean/sample.ts";
import { smallestDetectable } from "../power/detectable.ts";

export const RESAMPLES = 9999;

export interface Resampled {
  readonly method: string;
  readonly n: number;
  readonly difference: number;
  /** The difference in each resample, in any order; is sorted. */
  readonly resamples: Float64Array;
  /** A sixth of the skewness of the leave-one-out values; 0 gives the bias-corrected interval alone. */
  readonly acceleration: number;
}

/**
 * Efron, "Better bootstrap confidence intervals", 1987. Tails are those of the one-sided intervals that end at 0 (Efron and
 * Tibshirani, "An introduction to the bootstrap", 1993, 15.4), and never below what so many resamples can tell.
 */
export function biasCorrected(parts: Resampled): Estimate | Inconclusive {
  const { method, n, difference, acceleration } = parts;
  const sorted = parts.resamples.sort();
  const spread = describeSample(sorted).stderr * Math.sqrt(sorted.length);
  if (!Number.isFinite(spread) || !Number.isFinite(difference) || !Number.isFinite(acceleration)) {
    return inconclusive("not-finite", "the metric is not defined in every resample");
  }
  // What differs by rounding alone does not vary.
  if (!(spread > 1e-12 * Math.abs(difference))) return inconclusive("no-variance", "all resamples are equal");
  const below = shareBelow(sorted, difference);
  if (below <= 0 || below >= 1) return inconclusive("too-few", "the resamples do not surround what was measured");
  const bias = normalQuantile(below);
  const endAt = (level: number): number => {
    const z = bias + normalQuantile(level);
    const shrunk = 1 - acceleration * z;
    // Beyond this pole the interval would turn back: it ends at the outermost resample.
    return quantile(sorted, shrunk > 0 ? normalBelow(bias + z / shrunk) : Number(z > 0));
  };
  const least = 1 / (sorted.length + 1);
  const zero = normalQuantile(Math.min(1 - least, Math.max(least, shareBelow(sorted, 0)))) - bias;
  // 1 + a z is not positive only beyond all intervals: the tail is then as small as can be told.
  const z = 1 + acceleration * zero > 0 ? zero / (1 + acceleration * zero) - bias : Math.sign(zero) * 10;
  return {
    ...{ method, n, difference },
    pLower: Math.max(least, normalAbove(z)),
    pHigher: Math.max(least, normalBelow(z)),
    interval: (confidence) => ({ low: endAt((1 - confidence) / 2), high: endAt((1 + confidence) / 2) }),
    detectable: smallestDetectable(spread, Number.POSITIVE_INFINITY),
  };
}

/** The plain percentile interval. @param sorted ascending */
export const percentileInterval = (sorted: Float64Array, confidence: number): Interval => ({
  low: quantile(sorted, (1 - confidence) / 2),
  high: quantile(sorted, (1 + confidence) / 2),
});

/** The mean of the leave-one-out values' cubes against their squares. @param counts how often each value occurs */
export function accelerate(values: ArrayLike<number>, counts?: ArrayLike<number>): number {
  let [n, sum] = [0, 0];
  for (let at = 0; at < values.length; at += 1) {
    const count = counts?.[at] ?? 1;
    n += count;
    sum += count * (values[at] as number);
  }
  let [squares, cubes] = [0, 0];
  for (let at = 0; at < values.length; at += 1) {
    const away = sum / n - (values[at] as number);
    squares += (counts?.[at] ?? 1) * away ** 2;
    cubes += (counts?.[at] ?? 1) * away ** 3;
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}

/** Share of the resamples below `value`, those equal to it counted half. */
function shareBelow(sorted: Float64Array, value: number): number {
  const slack = 1e-12 * Math.max(Math.abs(value), Math.abs(sorted[0] as number), Math.abs(sorted.at(-1) as number));
  return (countBelow(sorted, value - slack) + countBelow(sorted, value + slack)) / 2 / sorted.length;
}

function countBelow(sorted: Float64Array, value: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] as number) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Linear between neighbours, as SciPy and NumPy do. */
function quantile(sorted: Float64Array, level: number): number {
  const at = level * (sorted.length - 1);
  const below = sorted[Math.floor(at)] as number;
  return below + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] as number) - below);
}
