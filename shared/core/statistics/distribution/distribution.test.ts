/** Distributions against values with 40 digits (test/reference/statistics/distributions.py). */
import { expect, test } from "vitest";
import { readReference, relativeError } from "../../../../test/reference/statistics/reference.ts";
import { binomialAtLeast, binomialAtMost, binomialDensity } from "./binomial.ts";
import { incompleteBeta } from "./incomplete-beta.ts";
import { logGamma } from "./log-gamma.ts";
import { normalAbove, normalBelow, normalQuantile } from "./normal.ts";
import { studentAbove, studentBelow, studentQuantile } from "./student-t.ts";

const FUNCTIONS = {
  normalAbove,
  normalQuantile,
  studentAbove,
  studentQuantile,
  binomialDensity,
  binomialAtMost,
  logGamma,
  incompleteBeta,
};
const reference = readReference<Record<keyof typeof FUNCTIONS, { in: number[]; out: number }[]>>("distributions");

test.for(Object.keys(FUNCTIONS) as (keyof typeof FUNCTIONS)[])("%s agrees to 12 digits", (name) => {
  const compute = FUNCTIONS[name] as (...numbers: number[]) => number;
  const cases = reference[name];
  expect(cases.length).toBeGreaterThan(5);
  const off = cases.filter((each) => !(relativeError(compute(...each.in), each.out) < 1e-12));
  expect(off.map((each) => ({ ...each, ours: compute(...each.in) }))).toEqual([]);
});

test("both tails make 1", () => {
  for (const t of [-30, -1, 0, 0.3, 4]) {
    expect(normalAbove(t) + normalBelow(t)).toBeCloseTo(1, 14);
    expect(studentAbove(t, 3.5) + studentBelow(t, 3.5)).toBeCloseTo(1, 14);
  }
  for (const k of [0, 1, 7, 20]) {
    expect(binomialAtMost(k - 1, 20, 0.3) + binomialAtLeast(k, 20, 0.3)).toBeCloseTo(1, 14);
  }
});

test("ends of the range have their limits", () => {
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  expect(studentAbove(1e200, 3)).toBeLessThan(1e-300);
  expect(studentAbove(1.5, Number.POSITIVE_INFINITY)).toBe(normalAbove(1.5));
  expect(studentQuantile(0.9, Number.POSITIVE_INFINITY)).toBe(normalQuantile(0.9));
  expect([binomialAtMost(-1, 5, 0.5), binomialAtMost(5, 5, 0.5), binomialDensity(6, 5, 0.5)]).toEqual([0, 1, 0]);
  expect([incompleteBeta(2, 3, 0, 1), incompleteBeta(2, 3, 1, 0)]).toEqual([0, 1]);
});
