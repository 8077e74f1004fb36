/** The regularized incomplete beta function, from which the tails of Student's t and the binomial distribution come. */
import { binomialTerm } from "./binomial-term.ts";

const PRECISION = 1e-16;
/** The fraction needs about √max(a, b) steps: enough for hundred millions of cases. */
const MAX_STEPS = 100_000;

/**
 * I(x; a, b) for a, b > 0 and 0 <= x <= 1, by a continued fraction on the side of the mean where its terms are positive.
 *
 * @param y 1 - x, given apart because x may be so near to 1 that the difference loses all digits
 */
export function incompleteBeta(a: number, b: number, x: number, y: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  return (a + b) * y >= b ? lowerSide(a, b, x, y) : 1 - lowerSide(b, a, y, x);
}

/** x^a y^b / B(a, b) times the fraction; the first part as a binomial term: Γ(a + b + 1) / (Γ(a + 1) Γ(b + 1)) x^a y^b. */
const lowerSide = (a: number, b: number, x: number, y: number): number =>
  ((binomialTerm(a, a + b, x, y) * a * b) / (a + b)) * continuedFraction(a, b, x, y);

/** Didonato and Morris, "Algorithm 708", 1992, equation 9, evaluated by Lentz' method. */
function continuedFraction(a: number, b: number, x: number, y: number): number {
  const aboveMean = x < y ? a - (a + b) * x : (a + b) * y - b;
  let denominator = (a / (a + 1)) * (aboveMean + 1);
  let fraction = denominator;
  let c = denominator;
  let d = 0;
  for (let n = 1; n <= MAX_STEPS; n += 1) {
    const at = a + 2 * n - 1;
    const product = n * (b - n) * x;
    const numerator = ((a + n - 1) * (a + b + n - 1) * product * x) / (at * at);
    denominator = n + product / at + ((a + n) / (at + 2)) * (aboveMean + 1 + n * (1 + y));
    d = 1 / (denominator + numerator * d);
    c = denominator + numerator / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) <= PRECISION) break;
  }
  return 1 / fraction;
}
