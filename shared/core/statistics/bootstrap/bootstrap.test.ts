/** Bootstrap intervals against SciPy, from the very same resamples (test/reference/statistics/resampling.py). */
import { describe, expect, test } from "vitest";
import { readReference } from "../../../../test/reference/statistics/reference.ts";
import { comparePairedMeans } from "../mean/paired-t.ts";
import { drawNormal, randomOf, sure } from "../testing.ts";
import { accelerate, biasCorrected, percentileInterval } from "./bca.ts";
import { accelerateCells, bootstrapCells, type CellStatistic } from "./resample-cells.ts";
import { bootstrapMean } from "./resample-means.ts";

interface Expected {
  readonly resamples: number[];
  readonly bca: readonly [number, number];
  readonly percentile: readonly [number, number];
}
const reference = readReference<{
  means: (Expected & { differences: number[] })[];
  f1: Expected & { label: number[]; candidate: number[]; baseline: number[]; difference: number };
}>("resampling");

function expectIntervals(difference: number, acceleration: number, expected: Expected): void {
  const resamples = Float64Array.from(expected.resamples);
  const { low, high } = sure(biasCorrected({ method: "", n: 1, difference, resamples, acceleration })).interval(0.9);
  expect(Math.abs(low - expected.bca[0])).toBeLessThan(1e-9);
  expect(Math.abs(high - expected.bca[1])).toBeLessThan(1e-9);
  const plain = percentileInterval(resamples, 0.9);
  expect(Math.abs(plain.low - expected.percentile[0])).toBeLessThan(1e-9);
  expect(Math.abs(plain.high - expected.percentile[1])).toBeLessThan(1e-9);
}

test.for(reference.means)("mean of $differences.length", ({ differences, ...expected }) => {
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  expectIntervals(mean, -accelerate(differences), expected);
});

/** Cells in the order of the bits label, candidate, baseline. */
const f1Difference: CellStatistic = (counts) => {
  const at = (cell: number): number => counts[cell] as number;
  const f1 = (hit: number, wrong: number): number => (2 * hit) / (2 * hit + wrong);
  return (
    f1(at(0b110) + at(0b111), at(0b010) + at(0b011) + at(0b100) + at(0b101)) -
    f1(at(0b101) + at(0b111), at(0b001) + at(0b011) + at(0b100) + at(0b110))
  );
};

describe("F1 by counts", () => {
  const { label, candidate, baseline, ...expected } = reference.f1;
  const counts = new Float64Array(8);
  label.forEach((truth, at) => {
    const cell = 4 * truth + 2 * (candidate[at] ?? 0) + (baseline[at] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  });

  test("has SciPy's intervals", () => {
    expect(f1Difference(counts)).toBeCloseTo(expected.difference, 12);
    expectIntervals(f1Difference(counts), accelerateCells(counts, f1Difference), expected);
  });

  test("draws resamples like those of SciPy", () => {
    const { low, high } = sure(bootstrapCells(counts, f1Difference, randomOf("f1"))).interval(0.9);
    expect(Math.abs(low - expected.bca[0])).toBeLessThan(0.02);
    expect(Math.abs(high - expected.bca[1])).toBeLessThan(0.02);
  });
});

test("drawing values and drawing cases agree with each other and with the t-test", () => {
  const random = randomOf("both ways");
  const few = Float64Array.from({ length: 400 }, () => Math.round(drawNormal(random) - 0.07));
  const many = few.map((value, at) => value + at * 1e-9);
  const t = sure(comparePairedMeans(few));
  for (const values of [few, many]) {
    const estimate = sure(bootstrapMean(values, randomOf("resamples")));
    expect(Math.abs(estimate.pLower - t.pLower)).toBeLessThan(0.02);
    expect(Math.abs(estimate.pHigher - t.pHigher)).toBeLessThan(0.02);
    expect(Math.abs(estimate.interval(0.9).low - t.interval(0.9).low)).toBeLessThan(0.005);
    expect(Math.abs(estimate.interval(0.9).high - t.interval(0.9).high)).toBeLessThan(0.005);
  }
});

test("a tail is at the level whose interval ends at 0", () => {
  const random = randomOf("tail");
  const values = Float64Array.from({ length: 80 }, () => Math.exp(drawNormal(random)) - 1.35);
  const estimate = sure(bootstrapMean(values, randomOf("resamples")));
  const { low } = estimate.interval(1 - 2 * estimate.pHigher);
  const { high } = estimate.interval(1 - 2 * estimate.pLower);
  const nearest = estimate.pHigher < 0.5 ? low : high;
  expect(Math.abs(nearest)).toBeLessThan(0.005);
});

test("the same seed gives the same interval", () => {
  const values = Float64Array.from({ length: 300 }, (_, at) => Math.sin(at));
  const run = (): object => sure(bootstrapMean(values, randomOf("seed"))).interval(0.95);
  expect(run()).toEqual(run());
});

test.for([
  ["one case", bootstrapMean(Float64Array.of(1), randomOf("")), "too-few"],
  ["no case", bootstrapMean(new Float64Array(0), randomOf("")), "too-few"],
  ["NaN", bootstrapMean(Float64Array.of(1, Number.NaN), randomOf("")), "not-finite"],
  ["equal values", bootstrapMean(Float64Array.of(0.1, 0.1, 0.1), randomOf("")), "no-variance"],
  ["half a case", bootstrapCells(Float64Array.of(0.5, 3), () => 0, randomOf("")), "out-of-range"],
  ["an undefined metric", bootstrapCells(Float64Array.of(2, 3), () => Number.NaN, randomOf("")), "not-finite"],
] as const)("refuses: %s", ([, result, reason]) => {
  expect(result).toMatchObject({ inconclusive: reason });
});

test("what is detectable follows from the spread of the resamples", () => {
  const random = randomOf("spread");
  const values = Float64Array.from({ length: 400 }, () => drawNormal(random));
  const byT = sure(comparePairedMeans(values)).detectable(0.05, 0.8);
  expect(sure(bootstrapMean(values, random)).detectable(0.05, 0.8) / byT).toBeCloseTo(1, 1);
});

test("an interval never gets shorter with more confidence, however skewed the values are", () => {
  const values = Float64Array.from({ length: 60 }, (_, at) => (at === 0 ? 1000 : Math.sin(at)));
  for (const sign of [1, -1]) {
    const { interval } = sure(
      bootstrapMean(
        values.map((value) => sign * value),
        randomOf("skew"),
      ),
    );
    let before = interval(0.5);
    for (let tail = 0.2; tail > 1e-12; tail /= 2) {
      const now = interval(1 - 2 * tail);
      expect(now.low).toBeLessThanOrEqual(before.low);
      expect(now.high).toBeGreaterThanOrEqual(before.high);
      before = now;
    }
  }
});
