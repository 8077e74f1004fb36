/** Power of tests of a mean: the smallest effect they find, and the n that a given effect needs. */
import { normalBelow, normalQuantile } from "../distribution/normal.ts";
import { studentQuantile } from "../distribution/student-t.ts";

/**
 * A one-sided t-test at `alpha` finds a true difference of this size with this power. By the normal approximation of the
 * noncentral t distribution: Johnson and Welch, "Applications of the non-central t-distribution", 1940; exact for a known
 * standard error, and the power near to 1.5 points from five degrees of freedom on.
 *
 * @param df degrees of freedom of the standard error; `Infinity` when it is known
 */
export const smallestDetectable =
  (stderr: number, df: number) =>
  (alpha: number, power: number): number => {
    const { center, spread } = approximate(alpha, df);
    return (center + normalQuantile(power) * spread) * stderr;
  };

/** The power of a one-sided test at `alpha` against a true difference. */
export function powerAgainst(effect: number, stderr: number, df: number, alpha: number): number {
  const { center, spread } = approximate(alpha, df);
  return normalBelow((effect / stderr - center) / spread);
}

/** The critical value as a normal one. */
function approximate(alpha: number, df: number): { readonly center: number; readonly spread: number } {
  const critical = studentQuantile(1 - alpha, df);
  return { center: critical * (1 - 1 / (4 * df)), spread: Math.sqrt(1 + critical ** 2 / (2 * df)) };
}

/**
 * How many cases would find `effect`, where `n` cases find `detectable`: standard errors shrink with √n.
 *
 * @returns a whole number of at least `n` when `effect` is not larger than `detectable`
 */
export function neededFor(effect: number, n: number, detectable: number): number {
  const needed = n * (detectable / effect) ** 2;
  // What is a whole number but for the last digits is not rounded up.
  return Math.ceil(needed * (1 - 1e-12));
}
