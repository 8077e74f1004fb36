/** The paired permutation test: if neither is better, each difference could as well have had the other sign. */
import { findNotFinite, type Inconclusive, inconclusive } from "../inconclusive.ts";
import { drawBinomial } from "../random/draw-binomial.ts";
import type { Random } from "../random/random.ts";
import { countTails, PERMUTATIONS, type PermutationTails } from "./tails.ts";

/** Up to here all sign patterns are counted. */
const EXACT_TO = 14;
/** With no more sizes than this, drawing how many of each are positive is faster than drawing signs. */
const FEW_SIZES = 64;

/** Fisher, "The design of experiments", 1935. Exact up to 14 differences other than 0; beyond, of random patterns. */
export function permutePaired(differences: ArrayLike<number>, random: Random): PermutationTails | Inconclusive {
  const all = Array.from(differences);
  const bad = findNotFinite(all, "difference");
  if (bad !== undefined) return bad;
  if (all.length === 0) return inconclusive("too-few", "there are no pairs");
  const signed = Float64Array.from(all.filter((value) => value !== 0));
  const seen = signed.reduce((sum, value) => sum + value, 0);
  if (signed.length <= EXACT_TO) {
    return countTails(seen, sumAllSigns(signed), 0);
  }
  const sizes = new Map<number, number>();
  for (const value of signed) sizes.set(Math.abs(value), (sizes.get(Math.abs(value)) ?? 0) + 1);
  const draw = sizes.size <= FEW_SIZES ? () => sumOfCounts(sizes, random) : createSignedSum(signed, random);
  return countTails(seen, new Float64Array(PERMUTATIONS).map(draw), 1);
}

function sumOfCounts(sizes: ReadonlyMap<number, number>, random: Random): number {
  let sum = 0;
  for (const [size, count] of sizes) sum += size * (2 * drawBinomial(random, count, 0.5) - count);
  return sum;
}

/** The sums of `values` with all patterns of signs, by the number whose bits are the pattern. */
function sumAllSigns(values: Float64Array): Float64Array {
  const sums = new Float64Array(2 ** values.length);
  values.forEach((value, bit) => {
    // The patterns of the bits before are there: with this bit they are the same sums plus the value, without it minus.
    for (let pattern = 2 ** bit - 1; pattern >= 0; pattern -= 1) {
      const sum = sums[pattern] as number;
      sums[pattern] = sum - value;
      sums[pattern + 2 ** bit] = sum + value;
    }
  });
  return sums;
}

/** One random sum a call: of eight values at a time all 256 sums are known before. */
function createSignedSum(values: Float64Array, random: Random): () => number {
  const groups = Array.from({ length: Math.ceil(values.length / 8) }, (_, at) =>
    sumAllSigns(values.subarray(8 * at, 8 * at + 8)),
  );
  return () => {
    let sum = 0;
    let bits = 0;
    for (let at = 0; at < groups.length; at += 1) {
      bits = (at & 3) === 0 ? random.nextWord() : bits >>> 8;
      const group = groups[at] as Float64Array;
      sum += group[bits & (group.length - 1)] as number;
    }
    return sum;
  };
}
