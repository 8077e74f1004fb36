/** The term of the binomial distribution for real arguments, exact in the tails and for large n. */
import { deviance } from "./deviance.ts";
import { stirlingError } from "./log-gamma.ts";

/**
 * Γ(n + 1) / (Γ(k + 1) Γ(n - k + 1)) p^k q^(n - k), for 0 <= k <= n and p + q = 1, by the saddle point: Loader, "Fast and
 * accurate computation of binomial probabilities", 2000.
 *
 * @param q 1 - p, given apart because p may be so near to 1 that the difference loses all digits
 */
export function binomialTerm(k: number, n: number, p: number, q: number): number {
  if (p <= 0) return k === 0 ? 1 : 0;
  if (q <= 0) return k === n ? 1 : 0;
  if (k === 0) return Math.exp(n * (p < q ? Math.log1p(-p) : Math.log(q)));
  if (k === n) return Math.exp(n * (q < p ? Math.log1p(-q) : Math.log(p)));
  const rest = n - k;
  const exponent =
    stirlingError(n) - stirlingError(k) - stirlingError(rest) - deviance(k, n * p) - deviance(rest, n * q);
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * rest));
}
