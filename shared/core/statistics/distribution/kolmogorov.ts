/** The limit distribution of the largest distance between two empirical distribution functions. */

/** Both series give all digits on either side of it, within ten terms. */
const SMALL = 1.18;
const TERMS = 10;

/** P(K > x): Kolmogorov, "Sulla determinazione empirica di una legge di distribuzione", 1933; below, by the theta function. */
export function kolmogorovAbove(x: number): number {
  if (x <= 0) return 1;
  return x < SMALL ? 1 - belowByTheta(x) : aboveByPowers(x);
}

function belowByTheta(x: number): number {
  let sum = 0;
  for (let k = 1; k <= TERMS; k += 1) sum += Math.exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * x * x));
  return (Math.sqrt(2 * Math.PI) / x) * sum;
}

function aboveByPowers(x: number): number {
  let sum = 0;
  for (let k = TERMS; k >= 1; k -= 1) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}
