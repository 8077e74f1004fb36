/** The paired bootstrap of a mean difference. */
import type { Estimate } from "../estimate.ts";
import { findNotFinite, type Inconclusive, inconclusive } from "../inconclusive.ts";
import type { Random } from "../random/random.ts";
import { accelerate, biasCorrected, RESAMPLES } from "./bca.ts";
import { resampleCells } from "./resample-cells.ts";

/** With no more different values than this, drawing how often each occurs is faster than drawing cases. */
const FEW_VALUES = 64;

/** @param differences candidate minus baseline, one for each case */
export function bootstrapMean(
  differences: Float64Array,
  random: Random,
  resamples = RESAMPLES,
): Estimate | Inconclusive {
  const bad = findNotFinite(differences, "difference");
  if (bad !== undefined) return bad;
  const n = differences.length;
  if (n < 2) return inconclusive("too-few", "one case says nothing about noise: two are needed");
  const cells = countValues(differences);
  return biasCorrected({
    method: "paired bootstrap (BCa)",
    n,
    difference: meanOf(cells.values, cells.counts, n),
    resamples:
      cells.values.length <= FEW_VALUES
        ? resampleCells(cells.counts, (counts) => meanOf(cells.values, counts, n), random, resamples)
        : resampleMeans(differences, random, resamples),
    // Leaving a case out moves the mean in proportion to the case, so that the cases serve, with the sign turned.
    acceleration: -accelerate(cells.values, cells.counts),
  });
}

function resampleMeans(values: Float64Array, random: Random, resamples: number): Float64Array {
  const means = new Float64Array(resamples);
  random.sumDraws(values, values.length, means);
  return means.map((sum) => sum / values.length);
}

interface CountedValues {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

function countValues(values: Float64Array): CountedValues {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return { values: Float64Array.from(counts.keys()), counts: Float64Array.from(counts.values()) };
}

function meanOf(values: Float64Array, counts: ArrayLike<number>, n: number): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += (values[at] as number) * (counts[at] as number);
  return sum / n;
}
