/** The permutation test of a metric that depends on counts alone: cases move between a cell and its mirror image. */
import { drawBinomial } from "../random/draw-binomial.ts";
import type { Random } from "../random/random.ts";
import { countTails, PERMUTATIONS, type PermutationTails } from "./tails.ts";

/**
 * Yeh, "More accurate tests for the statistical significance of result differences", 2000, at a cost independent of the
 * number of cases: of those in two mirrored cells each is in either with the same probability.
 *
 * @param counts whole numbers
 * @param mirror for each cell the one in which both sides are swapped, perhaps itself
 * @param difference from the counts of all cells; it must not keep the array
 */
export function permuteCells(
  counts: Float64Array,
  mirror: readonly number[],
  difference: (counts: ArrayLike<number>) => number,
  random: Random,
): PermutationTails {
  const pairs = mirror.flatMap((other, cell) => (cell < other ? [[cell, other] as const] : []));
  const drawn = counts.slice();
  const permuted = new Float64Array(PERMUTATIONS).map(() => {
    for (const [cell, other] of pairs) {
      const both = (counts[cell] as number) + (counts[other] as number);
      const here = drawBinomial(random, both, 0.5);
      drawn[cell] = here;
      drawn[other] = both - here;
    }
    return difference(drawn);
  });
  return countTails(difference(counts), permuted, 1);
}
