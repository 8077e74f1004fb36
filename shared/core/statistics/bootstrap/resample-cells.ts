/** The bootstrap of anything that depends on counts alone: a multinomial draw of the counts, at a cost independent of n. */
import type { Estimate } from "../estimate.ts";
import { type Inconclusive, inconclusive } from "../inconclusive.ts";
import { drawBinomial } from "../random/draw-binomial.ts";
import type { Random } from "../random/random.ts";
import { accelerate, biasCorrected, RESAMPLES } from "./bca.ts";

/** A number from the count of each cell; it must not keep the array. */
export type CellStatistic = (counts: ArrayLike<number>) => number;

/** @param counts how many cases each cell has, for example each combination of label and both predictions */
export function bootstrapCells(
  counts: Float64Array,
  statistic: CellStatistic,
  random: Random,
  resamples = RESAMPLES,
): Estimate | Inconclusive {
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0)) {
    return inconclusive("out-of-range", "the counts of cases are not whole numbers");
  }
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n < 2) return inconclusive("too-few", "one case says nothing about noise: two are needed");
  return biasCorrected({
    method: "paired bootstrap (BCa)",
    n,
    difference: statistic(counts),
    resamples: resampleCells(counts, statistic, random, resamples),
    acceleration: accelerateCells(counts, statistic),
  });
}

/** Draws each cell's count from what the cells before it left over: a binomial with its share of the remaining cells. */
export function resampleCells(
  counts: Float64Array,
  statistic: CellStatistic,
  random: Random,
  resamples: number,
): Float64Array {
  // The largest first: after it few cases are left to draw.
  const order = Array.from(counts.keys()).sort((a, b) => (counts[b] as number) - (counts[a] as number));
  const n = counts.reduce((sum, count) => sum + count, 0);
  const drawn = new Float64Array(counts.length);
  const results = new Float64Array(resamples);
  for (let at = 0; at < resamples; at += 1) {
    let [left, remaining] = [n, n];
    for (const cell of order) {
      const count = counts[cell] as number;
      const here = count === remaining ? left : drawBinomial(random, left, count / remaining);
      drawn[cell] = here;
      left -= here;
      remaining -= count;
    }
    results[at] = statistic(drawn);
  }
  return results;
}

/** From the statistic without one case of each cell. */
export const accelerateCells = (counts: Float64Array, statistic: CellStatistic): number =>
  accelerate(
    counts.map((count, cell) => (count > 0 ? statistic(counts.with(cell, count - 1)) : 0)),
    counts,
  );
