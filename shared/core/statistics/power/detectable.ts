/** Power of tests of a mean: the smallest effect they find, and the n that a given effect needs. */
import { studentAbove, studentQuantile } from "../distribution/student-t.ts";

/**
 * (t(1 - alpha) + t(power)) standard errors: a one-sided test at `alpha` finds a true difference of this size with this
 * power. Exact for a known standard error, and for an estimated one to a few percent (Bloom, "Minimum detectable effects",
 * 1995).
 *
 * @param df degrees of freedom of the standard error; `Infinity` when it is known
 */
export const smallestDetectable =
  (stderr: number, df: number) =>
  (alpha: number, power: number): number =>
    (studentQuantile(1 - alpha, df) + studentQuantile(power, df)) * stderr;

/** The power of a one-sided test at `alpha` against a true difference. */
export function powerAgainst(effect: number, stderr: number, df: number, alpha: number): number {
  return studentAbove(studentQuantile(1 - alpha, df) - effect / stderr, df);
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
