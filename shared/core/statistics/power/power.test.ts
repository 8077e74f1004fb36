/** What a test can find: against the textbook's numbers, and each function against the others. */
import { expect, test } from "vitest";
import { readReference } from "../../../../test/reference/statistics/reference.ts";
import { neededFor, powerAgainst, smallestDetectable } from "./detectable.ts";
import { mcnemarPower, smallestMcnemar } from "./mcnemar-power.ts";

test("with a known error, 5% and 80% it is 2.4865 errors", () => {
  expect(smallestDetectable(0.02, Number.POSITIVE_INFINITY)(0.05, 0.8)).toBeCloseTo(2.486_474_860_1 * 0.02, 10);
});

test("what is detectable is found with that power", () => {
  for (const power of [0.5, 0.8, 0.95]) {
    const effect = smallestDetectable(0.02, Number.POSITIVE_INFINITY)(0.01, power);
    expect(powerAgainst(effect, 0.02, Number.POSITIVE_INFINITY, 0.01)).toBeCloseTo(power, 12);
  }
});

test.for(readReference<{ effect: number; df: number; alpha: number; power: number }[]>("power"))(
  "the t-test's power against $effect errors with $df degrees of freedom at $alpha is near SciPy's",
  ({ effect, df, alpha, power }) => {
    expect(Math.abs(powerAgainst(effect, 1, df, alpha) - power)).toBeLessThan(0.015);
  },
);

test("half the effect needs four times the cases", () => {
  expect(neededFor(0.01, 1000, 0.02)).toBe(4000);
  expect(neededFor(0.03, 900, 0.01)).toBe(100);
});

test.for([
  [100, 0.2, 0.05, 0.8],
  [1000, 0.06, 0.005, 0.8],
  [10_000, 0.05, 0.05, 0.9],
  [1000, 0.001, 0.05, 0.8],
] as const)("McNemar with %i cases of which %f differ", ([n, differing, alpha, power]) => {
  const loss = smallestMcnemar(n, differing, alpha, power);
  expect(mcnemarPower(n, Math.max(differing, loss), loss, alpha)).toBeCloseTo(power, 2);
  expect(mcnemarPower(n, Math.max(differing, 0.9 * loss), 0.9 * loss, alpha)).toBeLessThan(power);
});

test("an unchanged model is found to be worse at most as often as the level says", () => {
  for (const n of [50, 500, 5000]) expect(mcnemarPower(n, 0.1, 0, 0.05)).toBeLessThanOrEqual(0.05);
});

test("no loss among three cases can be found", () => {
  expect(smallestMcnemar(3, 0.5, 0.05, 0.8)).toBe(Number.POSITIVE_INFINITY);
});
