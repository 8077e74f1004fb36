/** Against SciPy (test/reference/statistics/drift.py), and what must hold for any two samples. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readReference, relativeError } from "../../../../test/reference/statistics/reference.ts";
import { incompleteGammaAbove } from "../distribution/incomplete-gamma.ts";
import { kolmogorovAbove } from "../distribution/kolmogorov.ts";
import { isInconclusive } from "../inconclusive.ts";
import { sure } from "../testing.ts";
import { binBoth } from "./bin-both.ts";
import { compareCounts } from "./chi-square.ts";
import { sum } from "./counts.ts";
import { jensenShannonDistance } from "./jensen-shannon.ts";
import { compareSamples } from "./kolmogorov-smirnov.ts";
import { stabilityIndex } from "./stability-index.ts";

interface Tail {
  readonly in: readonly number[];
  readonly out: number;
}
interface Reference {
  readonly exact: readonly { candidate: number[]; baseline: number[]; distance: number; p: number }[];
  readonly tables: readonly {
    candidate: number[];
    baseline: number[];
    statistic: number;
    freedom: number;
    p: number;
    smallestExpected: number;
    jensenShannon: number;
  }[];
  readonly incompleteGammaAbove: readonly Tail[];
  readonly kolmogorovAbove: readonly Tail[];
}
const reference = readReference<Reference>("drift");
const PRECISION = 1e-10;
const near = (actual: number, expected: number): boolean =>
  relativeError(actual, expected) < PRECISION || Math.abs(actual - expected) < 1e-15;

test.for([
  ["incompleteGammaAbove", incompleteGammaAbove],
  ["kolmogorovAbove", kolmogorovAbove],
] as const)("%s agrees to 10 digits", ([name, compute]) => {
  const off = reference[name].filter((each) => !near((compute as (...of: number[]) => number)(...each.in), each.out));
  expect(off).toEqual([]);
});

test.for(reference.exact)("the exact test of samples agrees: %#", ({ candidate, baseline, distance, p }) => {
  const ours = sure(compareSamples(Float64Array.from(candidate), Float64Array.from(baseline)));
  expect(ours.method).toBe("exact");
  expect(near(ours.distance, distance)).toBe(true);
  expect(near(ours.p, p), `${ours.p} beside ${p}`).toBe(true);
});

test.for(reference.tables)(
  "chi-square and Jensen-Shannon agree: %#",
  ({ candidate, baseline, jensenShannon, ...expected }) => {
    const ours = sure(compareCounts({ candidate, baseline }));
    for (const key of ["statistic", "freedom", "p", "smallestExpected"] as const) {
      expect(near(ours[key], expected[key]), `${key} ${ours[key]} beside ${expected[key]}`).toBe(true);
    }
    const distance = jensenShannonDistance({ candidate, baseline });
    expect(Math.abs(Number(distance) - jensenShannon)).toBeLessThan(1e-9);
  },
);

test("the limit is near the exact test, so that nothing jumps where one takes over", () => {
  const [candidate, baseline] = [0.1, 0].map((shift) =>
    Float64Array.from({ length: 900 }, (_, at) => ((at * 0.618) % 1) + shift),
  );
  const [exact, limit] = [1e9, 0].map((pairs) =>
    sure(compareSamples(candidate ?? new Float64Array(), baseline ?? new Float64Array(), pairs)),
  );
  expect(limit).toMatchObject({ method: "asymptotic", distance: exact?.distance });
  expect(Math.abs((limit?.p ?? 1) / (exact?.p ?? 0) - 1)).toBeLessThan(0.1);
});

describe("the stability index", () => {
  test("is what its formula says", () => {
    const expected = (0.2 - 0.5) * Math.log(0.2 / 0.5) + (0.8 - 0.5) * Math.log(0.8 / 0.5);
    expect(stabilityIndex({ candidate: [20, 80], baseline: [5, 5] })).toBeCloseTo(expected, 12);
  });
  test("is finite where a category is new or gone", () => {
    expect(stabilityIndex({ candidate: [0, 100], baseline: [100, 0] })).toBeGreaterThan(5);
    expect(stabilityIndex({ candidate: [0, 7], baseline: [0, 9] })).toBe(0);
  });
});

test.for([
  ["no values", { candidate: [], baseline: [] }, "too-few"],
  ["nothing on one side", { candidate: [0, 0], baseline: [1, 2] }, "too-few"],
  ["other categories", { candidate: [1], baseline: [1, 2] }, "not-comparable"],
  ["a negative count", { candidate: [-1, 2], baseline: [1, 2] }, "out-of-range"],
  ["a count that is not a number", { candidate: [Number.NaN, 2], baseline: [1, 2] }, "out-of-range"],
] as const)("says why %s cannot be compared", ([, counts, reason]) => {
  for (const compare of [compareCounts, jensenShannonDistance, stabilityIndex]) {
    expect(compare(counts)).toMatchObject({ inconclusive: reason });
  }
});

test("says why samples cannot be compared", () => {
  const one = Float64Array.of(1);
  expect(compareSamples(new Float64Array(), one)).toMatchObject({ inconclusive: "too-few" });
  expect(compareSamples(one, Float64Array.of(Number.NaN))).toMatchObject({ inconclusive: "not-finite" });
});

test("bins have every value once, on both sides, and nothing that is compared is NaN", () => {
  const values = fc.float64Array({ noNaN: true, noDefaultInfinity: true, minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, values, fc.integer({ min: 2, max: 20 }), (candidate, baseline, bins) => {
      const counts = binBoth(candidate, baseline, bins);
      expect([sum(counts.candidate), sum(counts.baseline)]).toEqual([candidate.length, baseline.length]);
      expect(counts.baseline.every((count) => count > 0)).toBe(true);
      expect(counts.baseline.length).toBeLessThanOrEqual(bins);
      const sizes = [jensenShannonDistance(counts), stabilityIndex(counts)].map(Number);
      expect(sizes.every((size) => Number.isFinite(size) && size >= -1e-12)).toBe(true);
      const test = compareSamples(candidate, baseline);
      if (isInconclusive(test)) throw new Error(test.detail);
      expect(test.p >= 0 && test.p <= 1 && test.distance >= 0 && test.distance <= 1).toBe(true);
    }),
    { seed: 7 },
  );
});

test("a sample beside itself is the same", () => {
  const values = fc.float64Array({ noNaN: true, noDefaultInfinity: true, minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(values, (sample) => {
      expect(compareSamples(sample, sample)).toMatchObject({ distance: 0, p: 1 });
      const counts = binBoth(sample, sample);
      expect([jensenShannonDistance(counts), stabilityIndex(counts)]).toEqual([0, 0]);
    }),
    { seed: 8 },
  );
});
