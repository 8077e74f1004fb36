/** Two models that gave the same result on every case: no difference was seen, which few cases prove less well than many. */
import type { Estimate } from "../estimate.ts";
import { smallestMcnemar } from "../power/mcnemar-power.ts";

/**
 * With confidence 1 - alpha at most 1 - alpha^(1/n) of all cases differ when none of n does (the rule of three, exactly), and
 * none by more than the `range` of what was seen.
 */
export const estimateIdentical = (n: number, range: number): Estimate => {
  const bound = (alpha: number): number => range * (1 - alpha ** (1 / n));
  return {
    ...{ method: "identical results", n, difference: 0, pLower: 1, pHigher: 1 },
    interval: (confidence) => ({ low: -bound((1 - confidence) / 2), high: bound((1 - confidence) / 2) }),
    // As for right and wrong answers: so many cases would have to differ that chance alone does not make them agree.
    detectable: (alpha, power) => range * smallestMcnemar(n, Math.min(1, 1 / n), alpha, power),
  };
};
