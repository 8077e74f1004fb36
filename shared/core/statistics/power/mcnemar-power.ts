/** Exact power of the exact McNemar test. */
import { binomialAtLeast, binomialDensity } from "../distribution/binomial.ts";
import { findRoot } from "../distribution/find-root.ts";
import { normalQuantile } from "../distribution/normal.ts";

/** How near the detectable difference is computed, relative to itself. */
const PRECISION = 1e-4;
/** Numbers of differing cases further off than so many standard deviations are less likely than one in a million. */
const WINDOW = 5;

/** For a number of differing cases how many of them must be lost to be too many. */
type CriticalNumber = (cases: number) => number;

/**
 * P of a one-sided rejection at `alpha` when of `n` cases a share of `differing` differs, and the shares of those lost and
 * gained differ by `loss`: the sum over all numbers of differing cases (Duffy, "Asymptotic and exact power for the McNemar
 * test", 1984).
 */
export const mcnemarPower = (n: number, differing: number, loss: number, alpha: number): number =>
  sumPower(n, differing, loss, criticalNumbers(alpha));

function sumPower(n: number, differing: number, loss: number, criticalOf: CriticalNumber): number {
  const lostShare = Math.min(1, (1 + loss / differing) / 2);
  const spread = WINDOW * Math.sqrt(n * differing * (1 - differing)) + WINDOW;
  const first = Math.max(0, Math.floor(n * differing - spread));
  const last = Math.min(n, Math.ceil(n * differing + spread));
  let power = 0;
  for (let cases = first; cases <= last; cases += 1) {
    power += binomialDensity(cases, n, differing) * binomialAtLeast(criticalOf(cases), cases, lostShare);
  }
  return power;
}

/** Remembers what it found, as the same numbers are asked for again at each loss. */
function criticalNumbers(alpha: number): CriticalNumber {
  const known = new Map<number, number>();
  const z = normalQuantile(1 - alpha);
  return (cases) => {
    let critical = known.get(cases);
    if (critical !== undefined) return critical;
    critical = Math.min(cases, Math.max(0, Math.floor((cases + z * Math.sqrt(cases)) / 2)));
    while (critical <= cases && binomialAtLeast(critical, cases, 0.5) > alpha) critical += 1;
    while (critical > 0 && binomialAtLeast(critical - 1, cases, 0.5) <= alpha) critical -= 1;
    known.set(cases, critical);
    return critical;
  };
}

/** The smallest loss that the test finds with this power; `Infinity` when not even losing all would be found. */
export function smallestMcnemar(n: number, differing: number, alpha: number, power: number): number {
  const criticalOf = criticalNumbers(alpha);
  const powerAt = (loss: number): number => sumPower(n, Math.max(differing, loss), loss, criticalOf);
  // Doubled from half of the normal approximation, as large losses take long to sum up.
  let high = Math.min(1, ((normalQuantile(1 - alpha) + normalQuantile(power)) / 2) * Math.sqrt(differing / n));
  if (!(high > 0)) high = 1 / n;
  while (powerAt(high) < power) {
    if (high === 1) return Number.POSITIVE_INFINITY;
    high = Math.min(1, 2 * high);
  }
  return findRoot((loss) => powerAt(loss) - power, 0, high, PRECISION);
}
