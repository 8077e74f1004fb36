/** The regularized incomplete gamma function, and the tail of chi-square that comes from it. */
import { deviance } from "./deviance.ts";
import { logGamma, stirlingError } from "./log-gamma.ts";

const PRECISION = 1e-16;
/** Series and fraction need about √a steps near x = a: enough for a hundred million degrees of freedom. */
const MAX_STEPS = 100_000;

/** Q(a, x) = Γ(a, x) / Γ(a), the upper tail, for a > 0 and x >= 0. Abramowitz and Stegun 6.5.29 (series), 6.5.31 (fraction). */
export function incompleteGammaAbove(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  return x < a + 1 ? 1 - term(a, x) * series(a, x) : term(a, x) * a * fraction(a, x);
}

/** x^a e^-x / Γ(a + 1), by the saddle point where the logarithms are large. */
function term(a: number, x: number): number {
  if (a < 1) return Math.exp(a * Math.log(x) - x - logGamma(a + 1));
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** 1 + x / (a + 1) + x² / ((a + 1) (a + 2)) + … */
function series(a: number, x: number): number {
  let sum = 1;
  let next = 1;
  for (let n = 1; n <= MAX_STEPS && next > sum * PRECISION; n += 1) {
    next *= x / (a + n);
    sum += next;
  }
  return sum;
}

/** 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - …)), by Lentz' method. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let product = d;
  for (let n = 1; n <= MAX_STEPS; n += 1) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    product *= c * d;
    if (Math.abs(c * d - 1) <= PRECISION) break;
  }
  return product;
}

/** P(χ² > x) with `freedom` degrees of freedom. */
export const chiSquareAbove = (x: number, freedom: number): number => incompleteGammaAbove(freedom / 2, x / 2);
