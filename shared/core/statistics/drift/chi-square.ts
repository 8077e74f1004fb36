/** Whether categories occur as often on both sides. */
import { chiSquareAbove } from "../distribution/incomplete-gamma.ts";
import type { Inconclusive } from "../inconclusive.ts";
import { type CountsOfBoth, findBadCounts, sum } from "./counts.ts";

export interface CountDifference {
  readonly statistic: number;
  /** Categories that occur on either side, less one. */
  readonly freedom: number;
  readonly p: number;
  /** The smallest count that would be expected when nothing changed: below 5 the p-value is rough (Cochran, 1954). */
  readonly smallestExpected: number;
}

/** Pearson's test of homogeneity, without a correction for continuity. Categories that occur nowhere are left out. */
export function compareCounts(counts: CountsOfBoth): CountDifference | Inconclusive {
  const bad = findBadCounts(counts);
  if (bad !== undefined) return bad;
  const sides = [counts.candidate, counts.baseline] as const;
  const totals = sides.map(sum);
  const all = sum(totals);
  let [statistic, categories, smallestExpected] = [0, 0, Number.POSITIVE_INFINITY];
  for (const at of counts.candidate.keys()) {
    const both = sum(sides.map((side) => side[at] ?? 0));
    if (both === 0) continue;
    categories += 1;
    for (const [side, total] of totals.entries()) {
      const expected = (both * total) / all;
      statistic += ((sides[side]?.[at] ?? 0) - expected) ** 2 / expected;
      smallestExpected = Math.min(smallestExpected, expected);
    }
  }
  const freedom = categories - 1;
  // One category on both sides: there is nothing that could differ.
  const p = freedom === 0 ? 1 : chiSquareAbove(statistic, freedom);
  return { statistic, freedom, p, smallestExpected };
}
