/** The standard normal distribution: density, both tails, quantile. */

const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
/** Beyond, the tail's continued fraction converges within 100 steps; nearer, the series within 60 terms. */
const TAIL_FROM = 2.5;
const STEPS = 120;

const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / SQRT_TWO_PI;

/** P(Z > z), with full relative precision far out: Abramowitz and Stegun 26.2.11 (series) and 26.2.14 (fraction). */
export function normalAbove(z: number): number {
  if (z < 0) return 1 - normalAbove(-z);
  if (z < TAIL_FROM) return 0.5 - normalDensity(z) * oddSeries(z);
  let fraction = z;
  for (let step = STEPS; step > 0; step -= 1) fraction = z + step / fraction;
  return normalDensity(z) / fraction;
}

/** P(Z <= z). */
export const normalBelow = (z: number): number => normalAbove(-z);

/** z + z³/3 + z⁵/(3·5) + … */
function oddSeries(z: number): number {
  let sum = 0;
  let term = z;
  for (let odd = 3; sum + term !== sum; odd += 2) {
    sum += term;
    term *= (z * z) / odd;
  }
  return sum;
}

/**
 * The z with P(Z <= z) = p. Starts from Abramowitz and Stegun 26.2.22 and refines it by Halley's method, as in Acklam's
 * notes on the subject; three steps bring three digits to all.
 *
 * @param p 0 and 1 give -Infinity and Infinity
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p === 0.5) return 0;
  const t = Math.sqrt(-2 * Math.log(p));
  let z = (2.307_53 + 0.270_61 * t) / (1 + 0.992_29 * t + 0.044_81 * t * t) - t;
  for (let step = 0; step < 3; step += 1) {
    // Relative to p, so that the smallest probabilities are as exact as the others.
    const error = (normalAbove(-z) - p) / normalDensity(z);
    z -= error / (1 + (z * error) / 2);
  }
  return z;
}
