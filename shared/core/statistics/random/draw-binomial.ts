/** Random numbers of successes: the exact binomial distribution at a cost that does not grow with the number of trials. */
import { stirlingError } from "../distribution/log-gamma.ts";
import type { Random } from "./random.ts";

/** Below this mean, counting down the density takes fewer steps than the rejection needs. */
const SMALL_MEAN = 10;

export function drawBinomial(random: Random, trials: number, share: number): number {
  if (!(trials > 0 && share > 0)) return 0;
  if (share >= 1) return trials;
  if (share > 0.5) return trials - drawBinomial(random, trials, 1 - share);
  return trials * share < SMALL_MEAN ? invert(random, trials, share) : reject(random, trials, share);
}

/** Adds up P(X = 0), P(X = 1), … until a random share is reached. */
function invert(random: Random, trials: number, share: number): number {
  const odds = share / (1 - share);
  let density = Math.exp(trials * Math.log1p(-share));
  let rest = random.nextShare();
  let successes = 0;
  while (rest > density && successes < trials) {
    rest -= density;
    successes += 1;
    density *= (odds * (trials - successes + 1)) / successes;
  }
  return successes;
}

/**
 * Hörmann's transformed rejection with a squeeze, "The generation of binomial random variates", 1993, algorithm BTRS; its
 * constants are those of the paper. For share <= 1/2 and a mean of at least 10.
 */
function reject(random: Random, trials: number, share: number): number {
  const spread = Math.sqrt(trials * share * (1 - share));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * share;
  const center = trials * share + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = Math.floor((trials + 1) * share);
  for (;;) {
    const u = random.nextShare() - 0.5;
    const v = random.nextShare();
    const distance = 0.5 - Math.abs(u);
    const successes = Math.floor(((2 * a) / distance + b) * u + center);
    if (distance >= 0.07 && v <= squeeze) return successes;
    if (successes < 0 || successes > trials) continue;
    const height = Math.log((v * alpha) / (a / (distance * distance) + b));
    if (
      height <=
      logFactorials(mode, trials) -
        logFactorials(successes, trials) +
        (successes - mode) * Math.log(share / (1 - share))
    ) {
      return successes;
    }
  }
}

/** log(k! (n - k)!). */
const logFactorials = (k: number, n: number): number => logFactorial(k) + logFactorial(n - k);

const logFactorial = (n: number): number =>
  n < 2 ? 0 : (n + 0.5) * Math.log(n) - n + 0.918_938_533_204_672_7 + stirlingError(n);
