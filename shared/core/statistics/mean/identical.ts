/** Two models that gave the same result on every case: no difference was seen, which few cases prove less well than many. */
import type { Estimate } from "../estimate.ts";

/**
 * With confidence 1 - alpha at most 1 - alpha^(1/n) of all cases differ when none of n does (the rule of three, exactly), and
 * none by more than the `range` of what was seen.
 */
export const estimateIdentical = (n: number, range: number): Estimate => {
  const bound = (alpha: number): number => range * (1 - alpha ** (1 / n));
  return {
    ...{ method: "identical results", n, difference: 0, pLower: 1, pHigher: 1 },
    interval: (confidence) => ({ low: -bound((1 - confidence) / 2), high: bound((1 - confidence) / 2) }),
    detectable: (_, power) => bound(1 - power),
  };
};
