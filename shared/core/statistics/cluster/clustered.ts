/** A difference whose cases come in clusters: the cluster-robust standard error. */
import type { Estimate } from "../estimate.ts";
import { findNotFinite, type Inconclusive, inconclusive } from "../inconclusive.ts";
import { estimateByT } from "../mean/t-estimate.ts";

/**
 * Liang and Zeger, "Longitudinal data analysis using generalized linear models", 1986, with the small-sample factor
 * G / (G - 1) and G - 1 degrees of freedom for G clusters.
 *
 * @param influences how much each case moves `difference`: for a mean (value - mean) / n; they add up to 0
 * @param clusters the name of each case's cluster
 */
export function compareClustered(
  difference: number,
  influences: Float64Array,
  clusters: readonly string[],
): Estimate | Inconclusive {
  const bad = findNotFinite(influences, "influence");
  if (bad !== undefined) return bad;
  if (clusters.length !== influences.length) return inconclusive("not-comparable", "not every case has a cluster");
  const sums = new Map<string, number>();
  clusters.forEach((cluster, at) => {
    sums.set(cluster, (sums.get(cluster) ?? 0) + (influences[at] as number));
  });
  const n = sums.size;
  if (n < 2) return inconclusive("too-few", "one cluster says nothing about noise: two are needed");
  const squares = [...sums.values()].reduce((total, sum) => total + sum * sum, 0);
  return estimateByT({
    method: "t-test with clustered standard error",
    ...{ n, difference },
    stderr: Math.sqrt((squares * n) / (n - 1)),
    df: n - 1,
  });
}

/** How much each value moves the weighted mean of all. */
export function influencesOnMean(
  values: Float64Array,
  weights?: Float64Array,
): { mean: number; influences: Float64Array } {
  const weightOf = (at: number): number => weights?.[at] ?? 1;
  const total = values.reduce((sum, _, at) => sum + weightOf(at), 0);
  const mean = values.reduce((sum, value, at) => sum + weightOf(at) * value, 0) / total;
  return { mean, influences: values.map((value, at) => (weightOf(at) * (value - mean)) / total) };
}
