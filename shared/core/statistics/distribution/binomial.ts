/** The binomial distribution: density and both tails. */

import { binomialTerm } from "./binomial-term.ts";
import { incompleteBeta } from "./incomplete-beta.ts";

/** P(X = k) of n trials that succeed with probability p. */
export function binomialDensity(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0;
  return binomialTerm(k, n, p, 1 - p);
}

/** P(X <= k): I(1 - p; n - k, k + 1), Abramowitz and Stegun 26.5.24. */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(n - k, k + 1, 1 - p, p);
}

/** P(X >= k). */
export const binomialAtLeast = (k: number, n: number, p: number): number => binomialAtMost(n - k, n, 1 - p);
