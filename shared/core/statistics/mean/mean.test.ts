/** Means against SciPy (test/reference/statistics/means.py), and what they refuse. */
import { expect, test } from "vitest";
import { readReference, relativeError } from "../../../../test/reference/statistics/reference.ts";
import { permutePaired } from "../permutation/permute-differences.ts";
import { drawNormal, randomOf, sure } from "../testing.ts";
import { estimateConstant } from "./identical.ts";
import { comparePairedMeans } from "./paired-t.ts";
import { compareMeans, compareSamples } from "./welch.ts";

interface Tails {
  readonly pLower: number;
  readonly pHigher: number;
  readonly interval: readonly [number, number];
}
const reference = readReference<{
  welch: (Tails & { candidate: number[]; baseline: number[] })[];
  paired: (Tails & { differences: number[]; exact: [number, number] })[];
}>("means");

test.for(reference.welch)("Welch's t-test of $candidate.length and $baseline.length values", (expected) => {
  const estimate = sure(compareSamples(expected.candidate, expected.baseline));
  const { low, high } = estimate.interval(0.95);
  expect(relativeError(estimate.pLower, expected.pLower)).toBeLessThan(1e-9);
  expect(relativeError(estimate.pHigher, expected.pHigher)).toBeLessThan(1e-9);
  expect(relativeError(low, expected.interval[0])).toBeLessThan(1e-9);
  expect(relativeError(high, expected.interval[1])).toBeLessThan(1e-9);
});

test.for(reference.paired)("paired tests of $differences.length differences", (expected) => {
  const estimate = sure(comparePairedMeans(expected.differences));
  const { low, high } = estimate.interval(0.95);
  expect(relativeError(estimate.pLower, expected.pLower)).toBeLessThan(1e-9);
  expect(relativeError(estimate.pHigher, expected.pHigher)).toBeLessThan(1e-9);
  expect(relativeError(low, expected.interval[0])).toBeLessThan(1e-9);
  expect(relativeError(high, expected.interval[1])).toBeLessThan(1e-9);
  const exact = sure(permutePaired(expected.differences, randomOf("unused")));
  expect(exact).toEqual({ pLower: expected.exact[0], pHigher: expected.exact[1] });
});

test("random permutations come near the t-test, and never to 0", () => {
  const random = randomOf("permutation");
  const differences = Array.from({ length: 60 }, () => drawNormal(random) - 0.2);
  const { pLower } = sure(permutePaired(differences, random));
  expect(Math.abs(pLower - sure(comparePairedMeans(differences)).pLower)).toBeLessThan(0.01);
  const far = sure(permutePaired(Array(40).fill(-1), random));
  expect(far).toEqual({ pLower: 1 / 10_000, pHigher: 1 });
});

test("what is known exactly needs no degrees of freedom", () => {
  const estimate = sure(compareMeans({ mean: 0.8, stderr: 0.01 }, { mean: 0.82, stderr: 0.01 }));
  expect(estimate.pLower).toBeCloseTo(0.078_649_6, 7);
});

test("identical results say the more the more there are", () => {
  const { low, high } = estimateConstant(298, 0, 1).interval(0.9);
  expect([low, high]).toEqual([-high, high]);
  expect(high).toBeCloseTo(0.01, 5);
  expect(estimateConstant(29, 0, 1).interval(0.9).high).toBeGreaterThan(0.09);
});

test.for([
  ["one seed", compareSamples([1], [1, 2]), "too-few"],
  ["no seed", compareSamples([], [1, 2]), "too-few"],
  ["equal seeds", compareSamples([1, 1], [2, 2]), "no-variance"],
  ["NaN", compareSamples([1, Number.NaN], [2, 2]), "not-finite"],
  ["numbers that overflow", compareSamples([1e308, -1e308], [2, 2]), "not-finite"],
  ["a negative error", compareMeans({ mean: 1, stderr: -1 }, { mean: 1, stderr: 1 }), "out-of-range"],
  ["no pair", comparePairedMeans([]), "too-few"],
  ["one pair", comparePairedMeans([1]), "too-few"],
  ["equal differences", comparePairedMeans([1, 1, 1]), "no-variance"],
  ["an infinite difference", comparePairedMeans([1, Number.POSITIVE_INFINITY]), "not-finite"],
  ["no permutation", permutePaired([], randomOf("")), "too-few"],
  ["a permuted NaN", permutePaired([Number.NaN], randomOf("")), "not-finite"],
] as const)("refuses: %s", ([, result, reason]) => {
  expect(result).toMatchObject({ inconclusive: reason });
});

test("what identical results could have shown grows with their range", () => {
  const [one, ten] = [1, 10].map((range) => estimateConstant(100, 0, range).detectable(0.05, 0.8));
  expect(one).toBeGreaterThan(0.05);
  expect(one).toBeLessThan(0.1);
  expect(ten).toBeCloseTo(10 * (one ?? 0), 12);
});

test.for([
  [-0.2, { method: "sign test", pLower: 1 / 1024, pHigher: 1 }],
  [0.2, { method: "sign test", pLower: 1, pHigher: 1 / 1024 }],
  [0, { method: "identical results", pLower: 1, pHigher: 1 }],
] as const)("ten cases that all differ by %f", ([difference, expected]) => {
  const estimate = estimateConstant(10, difference, 1);
  expect(estimate).toMatchObject({ ...expected, difference, n: 10 });
  expect(estimate.interval(0.9).low).toBeCloseTo(difference - (1 - 0.05 ** 0.1), 12);
});
