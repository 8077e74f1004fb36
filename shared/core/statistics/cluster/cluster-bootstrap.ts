/** The bootstrap of a mean whose cases come in clusters: whole clusters are drawn. */
import { accelerate, biasCorrected, RESAMPLES } from "../bootstrap/bca.ts";
import type { Estimate } from "../estimate.ts";
import { findNotFinite, type Inconclusive, inconclusive } from "../inconclusive.ts";
import type { Random } from "../random/random.ts";

/**
 * Davison and Hinkley, "Bootstrap methods and their application", 1997, 3.8. The mean of a resample is over its own number of
 * cases, as clusters differ in size.
 *
 * @param sums of the differences in each cluster
 * @param sizes how many cases (or how much weight) each cluster has
 */
export function bootstrapClusters(
  sums: Float64Array,
  sizes: Float64Array,
  random: Random,
  resamples = RESAMPLES,
): Estimate | Inconclusive {
  const bad = findNotFinite(sums, "sum") ?? findNotFinite(sizes, "size");
  if (bad !== undefined) return bad;
  if (sums.length !== sizes.length) return inconclusive("not-comparable", "not every cluster has a size");
  if (!sizes.every((size) => size > 0)) return inconclusive("out-of-range", "a cluster is empty");
  const n = sums.length;
  if (n < 2) return inconclusive("too-few", "one cluster says nothing about noise: two are needed");
  const [sum, size] = [sums, sizes].map((each) => each.reduce((total, value) => total + value, 0)) as [number, number];
  const drawn = new Float64Array(resamples).map(() => {
    let [drawnSum, drawnSize] = [0, 0];
    for (let draw = 0; draw < n; draw += 1) {
      const at = Math.floor(random.nextShare() * n);
      drawnSum += sums[at] as number;
      drawnSize += sizes[at] as number;
    }
    return drawnSum / drawnSize;
  });
  return biasCorrected({
    method: "cluster bootstrap (BCa)",
    n,
    difference: sum / size,
    resamples: drawn,
    acceleration: accelerate(sums.map((own, at) => (sum - own) / (size - (sizes[at] as number)))),
  });
}
