/** Differences of values that belong together, of the same case or the same seed: the paired t-test. */
import type { Estimate } from "../estimate.ts";
import { findNotFinite, type Inconclusive, inconclusive } from "../inconclusive.ts";
import { describeSample } from "./sample.ts";
import { estimateByT } from "./t-estimate.ts";

/**
 * Student, "The probable error of a mean", 1908.
 *
 * @param differences candidate minus baseline, one for each pair
 */
export function comparePairedMeans(differences: ArrayLike<number>): Estimate | Inconclusive {
  const bad = findNotFinite(Array.from(differences), "difference");
  if (bad !== undefined) return bad;
  if (differences.length === 0) return inconclusive("too-few", "there are no pairs");
  const { n, mean, stderr } = describeSample(differences);
  return estimateByT({ method: "paired t-test", n, difference: mean, stderr, df: n - 1 });
}
