/** Two models that differ by the same on every case, or not at all: nothing varies, and yet few cases prove less than many. */
import type { Estimate } from "../estimate.ts";
import { smallestMcnemar } from "../power/mcnemar-power.ts";

/**
 * With confidence 1 - alpha at most 1 - alpha^(1/n) of all cases are different from those that were seen when none of n is
 * (the rule of three, exactly), and none by more than the `range` of what was seen. The tails are those of the sign test.
 *
 * @param n independent cases
 * @param difference of every case
 */
export function estimateConstant(n: number, difference: number, range: number): Estimate {
  const bound = (alpha: number): number => range * (1 - alpha ** (1 / n));
  const tail = 0.5 ** n;
  return {
    ...{ method: difference === 0 ? "identical results" : "sign test", n, difference },
    pLower: difference < 0 ? tail : 1,
    pHigher: difference > 0 ? tail : 1,
    interval: (confidence) => {
      const half = bound((1 - confidence) / 2);
      return { low: difference - half, high: difference + half };
    },
    // As for right and wrong answers: so many cases would have to differ that chance alone does not make them agree.
    detectable: (alpha, power) => range * smallestMcnemar(n, Math.min(1, 1 / n), alpha, power),
  };
}
