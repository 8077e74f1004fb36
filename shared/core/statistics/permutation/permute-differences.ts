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
    const patterns = Float64Array.from({ length: 2 ** signed.length }, (_, bits) => sumWithSigns(signed, () => bits));
    return countTails(seen, patterns, 0);
  }
  const sizes = new Map<number, number>();
  for (const value of signed) sizes.set(Math.abs(value), (sizes.get(Math.abs(value)) ?? 0) + 1);
  const draw =
    sizes.size <= FEW_SIZES ? () => sumOfCounts(sizes, random) : () => sumWithSigns(signed, () => random.nextWord());
  return countTails(seen, new Float64Array(PERMUTATIONS).map(draw), 1);
}

function sumOfCounts(sizes: ReadonlyMap<number, number>, random: Random): number {
  let sum = 0;
  for (const [size, count] of sizes) sum += size * (2 * drawBinomial(random, count, 0.5) - count);
  return sum;
}

/** @param nextBits 32 signs at a time */
function sumWithSigns(values: Float64Array, nextBits: () => number): number {
  let sum = 0;
  let bits = 0;
  for (let at = 0; at < values.length; at += 1) {
    if ((at & 31) === 0) bits = nextBits();
    sum += (((bits >>> (at & 31)) & 1) * 2 - 1) * (values[at] as number);
  }
  return sum;
}
