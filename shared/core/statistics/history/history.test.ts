/** Noise from history: the stated share of false alarms, whatever the history looks like, and what it refuses. */
import { describe, expect, test } from "vitest";
import { drawNormal, randomOf, sure } from "../testing.ts";
import { compareWithHistory } from "./compare-with-history.ts";
import { findAllowedRegression, learnNoise } from "./learn-noise.ts";

const HISTORIES = 4000;

/** Share of unchanged models that are told to be worse at `alpha`. */
function countFalseAlarms(
  name: string,
  runs: number,
  alpha: number,
  valueAt: (at: number, noise: () => number) => number,
) {
  const random = randomOf(name);
  let alarms = 0;
  for (let history = 0; history < HISTORIES; history += 1) {
    const values = Array.from({ length: runs + 1 }, (_, at) => valueAt(at, () => drawNormal(random)));
    const { pLower } = sure(compareWithHistory(values.at(-1) ?? Number.NaN, values.slice(0, -1)));
    if (pLower <= alpha) alarms += 1;
  }
  return alarms / HISTORIES;
}

describe("at most the stated share of unchanged models fails, and not much less:", () => {
  test.for([
    ["steady", (_: number, noise: () => number) => 0.9 + 0.01 * noise()],
    ["a large step in the middle", (at: number, noise: () => number) => (at > 4 ? 0.9 : 0.7) + 0.01 * noise()],
    ["slow improvement", (at: number, noise: () => number) => 0.8 + 0.002 * at + 0.01 * noise()],
  ] as const)("%s", ([name, valueAt]) => {
    for (const runs of [10, 20, 50]) {
      for (const alpha of [0.05, 0.005]) {
        const share = countFalseAlarms(`${name} ${runs} ${alpha}`, runs, alpha, valueAt);
        // Three standard errors of the simulation.
        expect(share, `${runs} runs at ${alpha}`).toBeLessThan(1.25 * alpha + 3 * Math.sqrt(alpha / HISTORIES));
        // Drift upwards makes alarms rarer, as the level lags behind it.
        if (name !== "slow improvement") expect(share, `${runs} runs at ${alpha}`).toBeGreaterThan(0.5 * alpha);
      }
    }
  });
});

test("a loss of five standard deviations is found after twenty runs, also soon after a step", () => {
  const random = randomOf("power");
  let found = 0;
  for (let history = 0; history < 500; history += 1) {
    const values = Array.from({ length: 20 }, (_, at) => (at > 15 ? 0.9 : 0.7) + 0.01 * drawNormal(random));
    const { pLower } = sure(compareWithHistory(0.85 + 0.01 * drawNormal(random), values));
    if (pLower <= 0.005) found += 1;
  }
  expect(found / 500).toBeGreaterThan(0.8);
});

test("the allowed regression is where the tail reaches the level", () => {
  const values = Array.from({ length: 14 }, (_, at) => 0.9 + 0.01 * Math.sin(at * 2));
  const noise = sure(learnNoise(values));
  const edge = noise.level - findAllowedRegression(noise, 0.01);
  expect(sure(compareWithHistory(edge, values)).pLower).toBeCloseTo(0.01, 9);
});

test("only the last fifty values count", () => {
  const recent = Array.from({ length: 50 }, (_, at) => Math.sin(at * 2));
  expect(learnNoise([1e300, 5, ...recent])).toEqual(learnNoise(recent));
});

test.for([
  ["nothing yet", learnNoise([]), "too-few", "it takes 10 more runs to learn the noise"],
  ["one is missing", learnNoise([1, 2, 3, 4, 5, 6, 7, 8, 9]), "too-few", "it takes 1 more run to learn the noise"],
  ["always the same", learnNoise(Array(12).fill(0.9)), "no-variance", "do not vary"],
  ["NaN in it", learnNoise([...Array(12).keys(), Number.NaN]), "not-finite", "earlier value 13"],
  [
    "numbers that overflow",
    learnNoise(Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? 1 : -1) * 1e308)),
    "not-finite",
    "too large",
  ],
  ["a value that is none", compareWithHistory(Number.NaN, [1, 2, 3]), "not-finite", "value 1"],
] as const)("refuses: %s", ([, result, reason, says]) => {
  expect(result).toMatchObject({ inconclusive: reason, detail: expect.stringContaining(says) });
});

test("degrees of freedom are those of successive differences", () => {
  const noise = sure(learnNoise(Array.from({ length: 14 }, (_, at) => Math.sin(at * 2))));
  expect(noise).toMatchObject({ runs: 14, df: expect.closeTo((2 * 13 ** 2) / (3 * 13 - 1), 12) });
  // Of a jump both the difference up and the one down are left out.
  const jump = Array.from({ length: 14 }, (_, at) => (at === 6 ? 100 : Math.sin(at * 2)));
  expect(sure(learnNoise(jump)).df).toBeCloseTo((2 * 11 ** 2) / (3 * 11 - 1), 12);
});

test("where most values are equal, the others are noise and no steps", () => {
  const noise = sure(learnNoise([0.9, 0.9, 0.9, 0.9, 0.91, 0.91, 0.91, 0.91, 0.91, 0.9, 0.9, 0.9]));
  expect(noise.deviation).toBeGreaterThan(0.002);
});

test("drift is not noise, however steep", () => {
  // Rises by one in each run, give or take 0.01: the noise is that of the 0.01.
  const values = Array.from({ length: 20 }, (_, at) => at + (at % 2 === 0 ? 0.01 : -0.01));
  for (const list of [values, values.map((value) => -value)]) {
    const { deviation } = sure(learnNoise(list));
    expect(deviation).toBeGreaterThan(0.005);
    expect(deviation).toBeLessThan(0.05);
  }
});

test("a metric that jumps between two values has the noise of the jump, and rounding is none", () => {
  const jumping = Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? 0.1 + 0.2 : 0.7));
  expect(sure(learnNoise(jumping)).deviation).toBeGreaterThan(0.1);
  const rounded = Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? 0.1 + 0.2 : 0.3));
  expect(learnNoise(rounded)).toMatchObject({ inconclusive: "no-variance" });
});
