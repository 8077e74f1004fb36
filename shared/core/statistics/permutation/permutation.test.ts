/** Permutation tests: against all patterns, and the level they keep where intervals do not. */
import { expect, test } from "vitest";
import { computeClassMetric } from "../predictions/class-counts.ts";
import { drawNormal, randomOf, sure } from "../testing.ts";
import { permuteCells } from "./permute-cells.ts";
import { permutePaired } from "./permute-differences.ts";
import { countTails } from "./tails.ts";

test("of all patterns at least one is as far as what was seen, of random ones that itself", () => {
  expect(countTails(1, Float64Array.of(-1, 1), 0)).toEqual({ pLower: 1, pHigher: 0.5 });
  expect(countTails(5, Float64Array.of(-1, 1), 1)).toEqual({ pLower: 1, pHigher: 1 / 3 });
  expect(countTails(0.3, Float64Array.of(0.1 + 0.2, -0.3), 0)).toEqual({ pLower: 1, pHigher: 0.5 });
});

test("drawing counts and drawing signs agree", () => {
  const random = randomOf("ways");
  const few = Array.from({ length: 90 }, () => Math.round(8 * drawNormal(random) - 1.5));
  const many = few.map((value, at) => value * (1 + at * 1e-9));
  const [a, b] = [few, many].map((values) => sure(permutePaired(values, randomOf("permuted"))));
  expect(Math.abs((a?.pLower ?? 1) - (b?.pLower ?? 0))).toBeLessThan(0.02);
  expect(a?.pLower).toBeGreaterThan(0.001);
});

test("few cases that carry all of the difference are no proof", () => {
  const random = randomOf("heavy");
  let alarms = 0;
  for (let change = 0; change < 400; change += 1) {
    const differences = Array.from({ length: 50 }, () =>
      random.nextShare() < 0.9 ? 0 : Math.exp(drawNormal(random)) - Math.exp(drawNormal(random)),
    );
    if (sure(permutePaired(differences, random)).pLower <= 0.05) alarms += 1;
  }
  expect(alarms / 400).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 400));
});

/** Label and both predictions as the bits of the cell's number: mirrored are those that differ in order. */
const cells = Array.from({ length: 8 }, (_, bits) => ({
  label: String(bits >> 2),
  candidate: String((bits >> 1) & 1),
  baseline: String(bits & 1),
}));
const mirror = [0, 2, 1, 3, 4, 6, 5, 7];
const f1 = (counts: ArrayLike<number>): number =>
  computeClassMetric("f1", "1", cells, counts, "candidate") - computeClassMetric("f1", "1", cells, counts, "baseline");

test("cells: as likely as all patterns of swapped cases say", () => {
  const counts = Float64Array.of(20, 2, 3, 1, 2, 5, 1, 12);
  // Of 5 and 6 swappable cases: all 6 x 7 numbers that stay, with their binomial weights.
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
  let [lower, total] = [0, 0];
  for (let a = 0; a <= 5; a += 1) {
    for (let b = 0; b <= 6; b += 1) {
      const weight = choose(5, a) * choose(6, b);
      total += weight;
      if (f1(Float64Array.of(20, a, 5 - a, 1, 2, b, 6 - b, 12)) <= f1(counts) + 1e-12) lower += weight;
    }
  }
  const { pLower } = permuteCells(counts, mirror, f1, randomOf("cells"));
  expect(Math.abs(pLower - lower / total)).toBeLessThan(0.015);
});
