/** How often the same categories or bins occur on both sides. */
import { type Inconclusive, inconclusive } from "../inconclusive.ts";

/** In the same order, of the same length. */
export interface CountsOfBoth {
  readonly candidate: readonly number[];
  readonly baseline: readonly number[];
}

/** The reason why such counts cannot be compared; `undefined` when they can. */
export function findBadCounts({ candidate, baseline }: CountsOfBoth): Inconclusive | undefined {
  if (candidate.length !== baseline.length) {
    return inconclusive("not-comparable", `there are ${candidate.length} counts beside ${baseline.length}`);
  }
  if (![...candidate, ...baseline].every((count) => Number.isFinite(count) && count >= 0)) {
    return inconclusive("out-of-range", "a count is negative or not finite");
  }
  return sum(candidate) > 0 && sum(baseline) > 0 ? undefined : inconclusive("too-few", "one side has no values");
}

export const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

export const sharesOf = (counts: readonly number[]): readonly number[] => {
  const total = sum(counts);
  return counts.map((count) => count / total);
};
