/** Student's t distribution, also with a fraction of degrees of freedom: upper tail and quantile. */
import { findRoot } from "./find-root.ts";
import { incompleteBeta } from "./incomplete-beta.ts";
import { normalAbove, normalQuantile } from "./normal.ts";

/** P(T > t) with `df` > 0 degrees of freedom; `Infinity` gives the normal distribution. Abramowitz and Stegun 26.7.1. */
export function studentAbove(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return normalAbove(t);
  if (t < 0) return 1 - studentAbove(-t, df);
  // t² may overflow, and the shares of df and t² must each keep their digits.
  const ratio = (t / df) * t;
  return incompleteBeta(df / 2, 0.5, 1 / (1 + ratio), ratio === Number.POSITIVE_INFINITY ? 1 : ratio / (1 + ratio)) / 2;
}

/** P(T <= t). */
export const studentBelow = (t: number, df: number): number => studentAbove(-t, df);

/** The t with P(T <= t) = p, for 0 < p < 1. */
export function studentQuantile(p: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return normalQuantile(p);
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  let high = 1;
  while (studentAbove(high, df) > tail && high < Number.MAX_VALUE / 2) high *= 2;
  const t = findRoot((at) => tail - studentAbove(at, df), high === 1 ? 0 : high / 2, high);
  return p < 0.5 ? -t : t;
}
