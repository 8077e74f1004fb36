/** The paired permutation test: if neither is better, each difference could as well have had the other sign. */
import { findNotFinite, type Inconclusive, inconclusive } from "../inconclusive.ts";
import type { Random } from "../random/random.ts";

/** Up to here all sign patterns are counted. */
const EXACT_TO = 16;
const PERMUTATIONS = 19_999;

export interface PermutationTails {
  /** P of a sum at least this far below, among the permuted ones. */
  readonly pLower: number;
  readonly pHigher: number;
}

/**
 * Fisher, "The design of experiments", 1935. Exact up to 16 differences other than 0; beyond, of 19,999 random patterns and
 * the one that was seen (Phipson and Smyth, "Permutation p-values should never be zero", 2010).
 */
export function permutePaired(differences: ArrayLike<number>, random: Random): PermutationTails | Inconclusive {
  const all = Array.from(differences);
  const bad = findNotFinite(all, "difference");
  if (bad !== undefined) return bad;
  if (all.length === 0) return inconclusive("too-few", "there are no pairs");
  const signed = Float64Array.from(all.filter((value) => value !== 0));
  const seen = signed.reduce((sum, value) => sum + value, 0);
  // Sums in another order differ in the last digits: what is equal but for these counts as equal.
  const slack = 1e-12 * signed.reduce((sum, value) => sum + Math.abs(value), 0);
  let [lower, higher] = [0, 0];
  const count = (sum: number): void => {
    if (sum <= seen + slack) lower += 1;
    if (sum >= seen - slack) higher += 1;
  };
  if (signed.length <= EXACT_TO) {
    const patterns = 2 ** signed.length;
    for (let pattern = 0; pattern < patterns; pattern += 1) count(sumWithSigns(signed, () => pattern));
    return { pLower: lower / patterns, pHigher: higher / patterns };
  }
  for (let drawn = 0; drawn < PERMUTATIONS; drawn += 1) count(sumWithSigns(signed, () => random.nextWord()));
  return { pLower: (lower + 1) / (PERMUTATIONS + 1), pHigher: (higher + 1) / (PERMUTATIONS + 1) };
}

/** @param nextBits 32 signs at a time */
function sumWithSigns(values: Float64Array, nextBits: () => number): number {
  let sum = 0;
  let bits = 0;
  for (let at = 0; at < values.length; at += 1) {
    if (at % 32 === 0) bits = nextBits();
    sum += (bits >>> (at % 32)) & 1 ? (values[at] as number) : -(values[at] as number);
  }
  return sum;
}
