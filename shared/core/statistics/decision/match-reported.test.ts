/** Computed and reported values: rounded is the same, another number is not. */
import { expect, test } from "vitest";
import { findMismatch } from "./match-reported.ts";

test.for<[number, number]>([
  [0.912_34, 0.912],
  [0.912_34, 0.912_34],
  [0.1 + 0.2, 0.3],
  [912.34, 912],
  [1.234e-9, 1.23e-9],
  [0, 0],
])("%f is what was reported as %f", ([computed, reported]) => {
  expect(findMismatch("candidate", computed, reported)).toBeUndefined();
});

test.for<[number, number]>([
  [0.912_34, 0.913],
  [0.912, 91.2],
  [2.234e-9, 1.23e-9],
  [Number.NaN, 0.9],
  [0.9, Number.NaN],
  [0.8, 1],
  [0.4, 0],
  [0.99, 1],
])("%f is not what was reported as %f", ([computed, reported]) => {
  expect(findMismatch("candidate", computed, reported)).toMatchObject({ inconclusive: "not-comparable" });
});

test("says both numbers", () => {
  expect(findMismatch("baseline", 2 / 3, 0.9)?.detail).toBe(
    "the baseline's predictions give 0.666667, its metrics say 0.9",
  );
});
