/** The logarithm of the gamma function, and the error of Stirling's formula. */

const LOG_SQRT_TWO_PI = 0.918_938_533_204_672_7;
/** From here on seven terms of the series are exact to the last digit. */
const SERIES_FROM = 16;
/** B(2k) / (2k (2k - 1)) with the Bernoulli numbers B: Abramowitz and Stegun, 6.1.40. */
const SERIES = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156] as const;

const stirlingSeries = (x: number): number =>
  SERIES.reduceRight((sum, coefficient) => sum / (x * x) + coefficient, 0) / x;

/** log Γ(x) for x > 0, by Stirling's series after shifting x upwards: Γ(x) = Γ(x + k) / (x (x + 1) … (x + k - 1)). */
export function logGamma(x: number): number {
  let product = 1;
  let shifted = x;
  while (shifted < SERIES_FROM) {
    product *= shifted;
    shifted += 1;
  }
  return (shifted - 0.5) * Math.log(shifted) - shifted + LOG_SQRT_TWO_PI + stirlingSeries(shifted) - Math.log(product);
}

/**
 * log Γ(x + 1) minus Stirling's approximation (x + 1/2) log x - x + log √(2π), for x > 0. Densities of the binomial
 * distribution are exact through it, where differences of large logarithms would lose digits (Loader, "Fast and accurate
 * computation of binomial probabilities", 2000).
 */
export const stirlingError = (x: number): number =>
  x >= SERIES_FROM ? stirlingSeries(x) : logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - LOG_SQRT_TWO_PI;
