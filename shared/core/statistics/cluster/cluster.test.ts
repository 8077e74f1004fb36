/** Clustered errors against statsmodels (test/reference/statistics/ranking.py), the cluster bootstrap against these. */
import { expect, test } from "vitest";
import { readReference, relativeError } from "../../../../test/reference/statistics/reference.ts";
import { comparePairedMeans } from "../mean/paired-t.ts";
import { randomOf, sure } from "../testing.ts";
import { bootstrapClusters } from "./cluster-bootstrap.ts";
import { compareClustered, influencesOnMean } from "./clustered.ts";

const { clustered } = readReference<{
  clustered: { values: number[]; clusters: string[]; mean: number; interval: [number, number]; p: number }[];
}>("ranking");

test.for(clustered)("$values.length cases", ({ values, clusters, mean, interval, p }) => {
  const all = influencesOnMean(Float64Array.from(values));
  expect(relativeError(all.mean, mean)).toBeLessThan(1e-12);
  const estimate = sure(compareClustered(all.mean, all.influences, clusters));
  expect(relativeError(2 * Math.min(estimate.pLower, estimate.pHigher), p)).toBeLessThan(1e-9);
  const { low, high } = estimate.interval(0.95);
  expect(relativeError(low, interval[0])).toBeLessThan(1e-9);
  expect(relativeError(high, interval[1])).toBeLessThan(1e-9);

  const names = [...new Set(clusters)];
  const of = (add: (at: number) => number): Float64Array =>
    Float64Array.from(names, (name) => clusters.reduce((sum, each, at) => (each === name ? sum + add(at) : sum), 0));
  const drawn = sure(
    bootstrapClusters(
      of((at) => values[at] ?? 0),
      of(() => 1),
      randomOf("clusters"),
    ),
  );
  expect(drawn.difference).toBeCloseTo(mean, 12);
  const width = high - low;
  expect(Math.abs(drawn.interval(0.95).low - low)).toBeLessThan(0.15 * width);
  expect(Math.abs(drawn.interval(0.95).high - high)).toBeLessThan(0.15 * width);
});

test("a case that is copied ten times is no more evidence than once", () => {
  const once = [-0.2, -0.1, -0.4, 0.05, -0.3, -0.05, -0.2, 0.1];
  const copies = Float64Array.from(once.flatMap((value) => Array<number>(10).fill(value)));
  const clusters = once.flatMap((_, at) => Array<string>(10).fill(`c${at}`));
  const { mean, influences } = influencesOnMean(copies);
  const estimate = sure(compareClustered(mean, influences, clusters));
  expect(estimate.n).toBe(8);
  expect(relativeError(estimate.pLower, sure(comparePairedMeans(once)).pLower)).toBeLessThan(1e-9);
});

test("weights count as so many copies", () => {
  const { mean, influences } = influencesOnMean(Float64Array.of(1, 4), Float64Array.of(3, 1));
  expect(mean).toBe(1.75);
  expect(Array.from(influences)).toEqual([-0.5625, 0.5625]);
});

test.for([
  ["one cluster", compareClustered(0, Float64Array.of(1, -1), ["a", "a"]), "too-few"],
  ["no case", compareClustered(0, new Float64Array(0), []), "too-few"],
  ["a case without cluster", compareClustered(0, Float64Array.of(1, -1), ["a"]), "not-comparable"],
  ["NaN", compareClustered(0, Float64Array.of(1, Number.NaN), ["a", "b"]), "not-finite"],
  ["nothing varies", compareClustered(0, Float64Array.of(0, 0), ["a", "b"]), "no-variance"],
  ["one cluster drawn", bootstrapClusters(Float64Array.of(1), Float64Array.of(1), randomOf("")), "too-few"],
  ["an empty cluster", bootstrapClusters(Float64Array.of(1, 2), Float64Array.of(1, 0), randomOf("")), "out-of-range"],
  [
    "clusters without size",
    bootstrapClusters(Float64Array.of(1, 2), Float64Array.of(1), randomOf("")),
    "not-comparable",
  ],
] as const)("refuses: %s", ([, result, reason]) => {
  expect(result).toMatchObject({ inconclusive: reason });
});
