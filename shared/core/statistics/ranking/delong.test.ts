/** DeLong's test against its definition (test/reference/statistics/ranking.py). */
import { expect, test } from "vitest";
import { readReference, relativeError } from "../../../../test/reference/statistics/reference.ts";
import { randomOf, sure } from "../testing.ts";
import { compareAreas, findAreaInfluences, type ScoredCases } from "./delong.ts";

const { areas } = readReference<{
  areas: {
    positive: boolean[];
    candidate: number[];
    baseline: number[];
    areas: [number, number];
    pLower: number;
    interval: [number, number];
  }[];
}>("ranking");

test.for(areas)("$positive.length cases", ({ areas: [candidate, baseline], pLower, interval, ...cases }) => {
  const found = sure(findAreaInfluences(cases));
  expect(relativeError(found.candidate, candidate)).toBeLessThan(1e-12);
  expect(relativeError(found.baseline, baseline)).toBeLessThan(1e-12);
  const estimate = sure(compareAreas(cases));
  expect(relativeError(estimate.pLower, pLower)).toBeLessThan(1e-9);
  expect(relativeError(estimate.interval(0.95).low, interval[0])).toBeLessThan(1e-9);
  expect(relativeError(estimate.interval(0.95).high, interval[1])).toBeLessThan(1e-9);
});

test("a hundred thousand cases take no time that anybody sees", () => {
  const random = randomOf("many");
  const scores = (): Float64Array => Float64Array.from({ length: 100_000 }, () => random.nextShare());
  const cases = {
    positive: Array.from({ length: 100_000 }, () => random.nextShare() < 0.3),
    candidate: scores(),
    baseline: scores(),
  };
  const { difference, interval } = sure(compareAreas(cases));
  expect(Math.abs(difference)).toBeLessThan(0.02);
  expect(interval(0.999).low).toBeLessThan(0);
  expect(interval(0.999).high).toBeGreaterThan(0);
});

const four = { positive: [true, true, false, false], candidate: [4, 3, 2, 1], baseline: [4, 2, 3, 1] };
test("the same scores are no difference, however they are scaled", () => {
  const same = sure(compareAreas({ ...four, baseline: [40, 30, 20, 10] }));
  expect(same).toMatchObject({ method: "identical results", difference: 0, pLower: 1 });
});

test.for<[string, ScoredCases, string]>([
  ["one class", { ...four, positive: [true, true, true, true] }, "too-few"],
  ["no cases", { positive: [], candidate: [], baseline: [] }, "too-few"],
  ["one positive", { ...four, positive: [true, false, false, false], baseline: [1, 2, 3, 4] }, "too-few"],
  ["NaN", { ...four, baseline: [Number.NaN, 1, 1, 1] }, "not-finite"],
  ["other cases", { ...four, baseline: [1] }, "not-comparable"],
])("refuses: %s", ([, cases, reason]) => {
  expect(compareAreas(cases)).toMatchObject({ inconclusive: reason });
});
