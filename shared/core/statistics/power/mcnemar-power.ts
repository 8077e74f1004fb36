/** Exact power of the exact McNemar test. */
import { binomialAtLeast, binomialDensity } from "../distribution/binomial.ts";
import { findRoot } from "../distribution/find-root.ts";

/** How near the detectable difference is computed, relative to itself. */
const PRECISION = 1e-4;
/** Numbers of differing cases further off than so many standard deviations do not matter. */
const WINDOW = 7;

/**
 * P of a one-sided rejection at `alpha` when of `n` cases a share of `differing` differs, and the shares of those lost and
 * gained differ by `loss`: the sum over all numbers of differing cases (Duffy, "Asymptotic and exact power for the McNemar
 * test", 1984).
 */
export function mcnemarPower(n: number, differing: number, loss: number, alpha: number): number {
  const lostShare = Math.min(1, (1 + loss / differing) / 2);
  const spread = WINDOW * Math.sqrt(n * differing * (1 - differing)) + WINDOW;
  const first = Math.max(0, Math.floor(n * differing - spread));
  const last = Math.min(n, Math.ceil(n * differing + spread));
  let power = 0;
  let critical = 0;
  for (let cases = first; cases <= last; cases += 1) {
    // The critical number grows with the number of cases.
    while (critical <= cases && binomialAtLeast(critical, cases, 0.5) > alpha) critical += 1;
    power += binomialDensity(cases, n, differing) * binomialAtLeast(critical, cases, lostShare);
  }
  return power;
}

/** The smallest loss that the test finds with this power; `Infinity` when not even losing all would be found. */
export function smallestMcnemar(n: number, differing: number, alpha: number, power: number): number {
  const powerAt = (loss: number): number => mcnemarPower(n, Math.max(differing, loss), loss, alpha);
  if (powerAt(1) < power) return Number.POSITIVE_INFINITY;
  return findRoot((loss) => powerAt(loss) - power, 0, 1, PRECISION);
}
