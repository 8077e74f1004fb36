/** A distance between two distributions over the same categories or bins. */
import type { Inconclusive } from "../inconclusive.ts";
import { type CountsOfBoth, findBadCounts, sharesOf } from "./counts.ts";

/**
 * The square root of the Jensen-Shannon divergence with logarithms to base 2: 0 for the same distribution, 1 for two that
 * have nothing in common. Endres and Schindelin, "A new metric for probability distributions", 2003.
 */
export function jensenShannonDistance(counts: CountsOfBoth): number | Inconclusive {
  const bad = findBadCounts(counts);
  if (bad !== undefined) return bad;
  const baseline = sharesOf(counts.baseline);
  const divergence = sharesOf(counts.candidate).reduce((total, p, at) => {
    const q = baseline[at] ?? 0;
    const middle = (p + q) / 2;
    return total + (information(p, middle) + information(q, middle)) / 2;
  }, 0);
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
}

const information = (share: number, middle: number): number => (share === 0 ? 0 : share * Math.log2(share / middle));
