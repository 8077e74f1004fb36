/** How often permuted differences are as far from 0 as the one that was seen. */

export const PERMUTATIONS = 9999;

export interface PermutationTails {
  /** P of a difference at least this far below, among the permuted ones. */
  readonly pLower: number;
  readonly pHigher: number;
}

/**
 * @param itself 1 where `permuted` is a random choice, as the pattern that was seen is one more (Phipson and Smyth,
 *   "Permutation p-values should never be zero", 2010), and 0 where it is all patterns
 */
export function countTails(seen: number, permuted: Float64Array, itself: 0 | 1): PermutationTails {
  // Sums in another order differ in the last digits: what is equal but for these counts as equal.
  const slack = 1e-12 * permuted.reduce((largest, value) => Math.max(largest, Math.abs(value)), Math.abs(seen));
  let [lower, higher] = [itself, itself] as [number, number];
  for (const value of permuted) {
    if (value <= seen + slack) lower += 1;
    if (value >= seen - slack) higher += 1;
  }
  const total = permuted.length + itself;
  return { pLower: lower / total, pHigher: higher / total };
}
