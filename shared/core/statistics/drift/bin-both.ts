/** Bins for values of a number, so that both sides can be counted. */
import type { CountsOfBoth } from "./counts.ts";

/**
 * Counts both sides in at most `bins` bins whose edges are quantiles of the baseline (ten are usual): a value that occurs
 * often makes fewer, wider bins. A bin holds what is above the edge before it, and up to its own.
 *
 * @param candidate, baseline finite values; neither is changed
 */
export function binBoth(candidate: Float64Array, baseline: Float64Array, bins = 10): CountsOfBoth {
  const sorted = baseline.toSorted();
  const quantiles = Array.from(
    { length: bins - 1 },
    (_, at) => sorted[Math.ceil(((at + 1) * sorted.length) / bins) - 1],
  );
  const edges = Float64Array.from(new Set(quantiles.filter((edge) => edge !== undefined && edge !== sorted.at(-1))));
  return { candidate: countIn(edges, candidate), baseline: countIn(edges, sorted) };
}

function countIn(edges: Float64Array, values: Float64Array): readonly number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    const bin = firstAtLeast(edges, value);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** The position of the first edge that is not below the value. */
function firstAtLeast(edges: Float64Array, value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
