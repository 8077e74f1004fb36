/** Whether two samples of a number come from one distribution, whatever its form. */
import { kolmogorovAbove } from "../distribution/kolmogorov.ts";
import { findNotFinite, type Inconclusive, inconclusive } from "../inconclusive.ts";

export interface SampleDifference {
  /** The largest distance between the two empirical distribution functions, from 0 to 1. */
  readonly distance: number;
  /** Of the two-sided test: the chance of such a distance when nothing changed. With ties it is too large, never too small. */
  readonly p: number;
  readonly method: "exact" | "asymptotic";
}

/** Up to so many pairs of values all orders of both samples are counted; beyond, the limit distribution is as good. */
const MAX_EXACT_PAIRS = 10_000_000;

/** The two-sample test of Kolmogorov and Smirnov. Neither sample is changed. */
export function compareSamples(
  candidate: Float64Array,
  baseline: Float64Array,
  maxExactPairs = MAX_EXACT_PAIRS,
): SampleDifference | Inconclusive {
  const bad = findNotFinite(candidate, "the candidate's value") ?? findNotFinite(baseline, "the baseline's value");
  if (bad !== undefined) return bad;
  const [m, n] = [candidate.length, baseline.length];
  if (m === 0 || n === 0) return inconclusive("too-few", "one side has no values");
  // In units of 1 / (m n) every distance is a whole number, so that equal ones are equal.
  const largest = largestDistance(candidate.toSorted(), baseline.toSorted());
  const distance = largest / (m * n);
  if (m * n <= maxExactPairs) return { distance, p: exactTail(largest, m, n), method: "exact" };
  return { distance, p: kolmogorovAbove(Math.sqrt((m * n) / (m + n)) * distance), method: "asymptotic" };
}

/** The largest |i n - j m|, where i and j values of each sample are at most some value. */
function largestDistance(candidate: Float64Array, baseline: Float64Array): number {
  const [m, n] = [candidate.length, baseline.length];
  let [i, j, largest] = [0, 0, 0];
  while (i < m && j < n) {
    const value = Math.min(candidate[i] ?? 0, baseline[j] ?? 0);
    while (i < m && candidate[i] === value) i += 1;
    while (j < n && baseline[j] === value) j += 1;
    largest = Math.max(largest, Math.abs(i * n - j * m));
  }
  return largest;
}

/**
 * The share of all orders of both samples whose distance is at least `largest`, by the step before: at i and j the last
 * value was the first sample's in i of i + j orders. Only positive terms are added, so that small shares keep their digits.
 */
function exactTail(largest: number, m: number, n: number): number {
  if (largest === 0) return 1;
  const reached = new Float64Array(n + 1);
  for (let i = 0; i <= m; i += 1) {
    for (let j = 0; j <= n; j += 1) {
      if (Math.abs(i * n - j * m) >= largest) reached[j] = 1;
      else if (i + j > 0) reached[j] = (i * (reached[j] ?? 0) + j * (reached[j - 1] ?? 0)) / (i + j);
    }
  }
  return Math.min(1, reached[n] ?? 0);
}
