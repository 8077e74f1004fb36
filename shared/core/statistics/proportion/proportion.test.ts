/** Shares against statsmodels and SciPy (test/reference/statistics/proportions.py), and what they refuse. */
import { describe, expect, test } from "vitest";
import { readReference, relativeError } from "../../../../test/reference/statistics/reference.ts";
import { mcnemarPower } from "../power/mcnemar-power.ts";
import { sure } from "../testing.ts";
import { comparePairedShares, type PairedCounts, pNotInferior } from "./paired-shares.ts";
import { compareShares, type ShareSummary, wilsonInterval } from "./wilson.ts";

type Ends = readonly [number, number];
interface Tails {
  readonly pLower: number;
  readonly pHigher: number;
  readonly interval: Ends;
}
const reference = readReference<{
  wilson: { share: number; n: number; confidence: number; out: Ends }[];
  two: (Tails & { candidate: ShareSummary; baseline: ShareSummary })[];
  paired: (Tails & { counts: PairedCounts })[];
}>("proportions");

describe("agrees to 9 digits:", () => {
  test.for(reference.wilson)("Wilson $share of $n at $confidence", ({ share, n, confidence, out: [low, high] }) => {
    const interval = sure(wilsonInterval(share, n, confidence));
    expect(Math.abs(interval.low - low)).toBeLessThan(1e-12);
    expect(Math.abs(interval.high - high)).toBeLessThan(1e-12);
  });

  test.for(reference.two)("two shares $candidate $baseline", ({ candidate, baseline, ...expected }) => {
    const estimate = sure(compareShares(candidate, baseline));
    expect(relativeError(estimate.pLower, expected.pLower)).toBeLessThan(1e-9);
    expect(relativeError(estimate.pHigher, expected.pHigher)).toBeLessThan(1e-9);
    expect(relativeError(estimate.interval(0.95).low, expected.interval[0])).toBeLessThan(1e-9);
    expect(relativeError(estimate.interval(0.95).high, expected.interval[1])).toBeLessThan(1e-9);
  });

  test.for(reference.paired)("McNemar $counts", ({ counts, ...expected }) => {
    const estimate = sure(comparePairedShares(counts));
    expect(relativeError(estimate.pLower, expected.pLower)).toBeLessThan(1e-12);
    expect(relativeError(estimate.pHigher, expected.pHigher)).toBeLessThan(1e-12);
    // The reference maximises the likelihood numerically, which costs it half of its digits.
    expect(Math.abs(estimate.interval(0.95).low - expected.interval[0])).toBeLessThan(1e-7);
    expect(Math.abs(estimate.interval(0.95).high - expected.interval[1])).toBeLessThan(1e-7);
  });
});

test("a candidate is not inferior within a margin when the score test says so, as the interval does", () => {
  const counts = { n: 1000, gained: 31, lost: 29 };
  const { low } = sure(comparePairedShares(counts)).interval(0.9);
  expect(pNotInferior(counts, -low + 1e-6)).toBeLessThan(0.05);
  expect(pNotInferior(counts, -low - 1e-6)).toBeGreaterThan(0.05);
});

test("the detectable loss is found as often as the power says", () => {
  const loss = sure(comparePairedShares({ n: 1000, gained: 30, lost: 29 })).detectable(0.05, 0.8);
  expect(loss).toBeGreaterThan(0.01);
  expect(loss).toBeLessThan(0.03);
  expect(mcnemarPower(1000, 0.06, loss, 0.05)).toBeCloseTo(0.8, 2);
  expect(sure(comparePairedShares({ n: 3, gained: 0, lost: 0 })).detectable(0.05, 0.8)).toBe(Number.POSITIVE_INFINITY);
});

test("nothing differs", () => {
  const estimate = sure(comparePairedShares({ n: 100, gained: 0, lost: 0 }));
  expect(estimate).toMatchObject({ difference: 0, pLower: 1, pHigher: 1 });
  const { low, high } = estimate.interval(0.95);
  expect(low).toBeCloseTo(-high, 9);
  expect(high).toBeGreaterThan(0.01);
});

test("two perfect shares are no difference, which few cases do not prove", () => {
  const perfect = (n: number) => sure(compareShares({ share: 1, n }, { share: 1, n }));
  expect(perfect(100)).toMatchObject({ difference: 0, pLower: 1, pHigher: 1 });
  expect(perfect(100).interval(0.95).low).toBeCloseTo(-0.037, 3);
  expect(perfect(100).detectable(0.05, 0.8)).toBeLessThan(0.1);
  expect(perfect(3).detectable(0.05, 0.8)).toBe(Number.POSITIVE_INFINITY);
});

test.for([
  ["no cases", comparePairedShares({ n: 0, gained: 0, lost: 0 }), "too-few"],
  ["more differ than there are", comparePairedShares({ n: 3, gained: 2, lost: 2 }), "out-of-range"],
  ["half a case", comparePairedShares({ n: 3, gained: 0.5, lost: 0 }), "out-of-range"],
  ["n is 0", wilsonInterval(0.5, 0, 0.95), "too-few"],
  ["NaN", wilsonInterval(Number.NaN, 10, 0.95), "not-finite"],
  ["a share above 1", wilsonInterval(1.1, 10, 0.95), "out-of-range"],
  ["no confidence", wilsonInterval(0.5, 10, 1), "out-of-range"],
  ["infinite n", compareShares({ share: 1, n: Number.POSITIVE_INFINITY }, { share: 1, n: 8 }), "not-finite"],
] as const)("refuses: %s", ([, result, reason]) => {
  expect(result).toMatchObject({ inconclusive: reason });
});
