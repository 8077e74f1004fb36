/** Chance: as published, the same for the same content, and distributed as it says. */
import { describe, expect, test } from "vitest";
import { binomialAtMost } from "../distribution/binomial.ts";
import { digestOf, randomOf } from "../testing.ts";
import { drawBinomial } from "./draw-binomial.ts";
import { Random } from "./random.ts";

test("words are those of the published xoshiro128** for the state 1, 2, 3, 4", () => {
  const random = new Random(`sha256:${"00000001".concat("00000002", "00000003", "00000004")}${"0".repeat(32)}`);
  // By the authors' C program: state {1, 2, 3, 4}.
  expect(Array.from({ length: 5 }, () => random.nextWord())).toEqual([11_520, 0, 5_927_040, 70_819_200, 2_031_721_883]);
});

test("the same content gives the same words, other content others", () => {
  expect(randomOf("a").nextWord()).toBe(randomOf("a").nextWord());
  expect(randomOf("a").nextWord()).not.toBe(randomOf("b").nextWord());
  expect(() => new Random("sha256:1")).toThrow("a seed is a SHA-256 digest");
  expect(new Random(`sha256:${"0".repeat(64)}`).nextWord()).not.toBe(new Random(digestOf("0")).nextWord());
});

test.for<[string, number, number]>([
  ["two for each word", 3, 3],
  ["one for each word", 20_000, 3],
])("sums of draws use the words of nextWord: %s", ([, n, draws]) => {
  const [fast, slow] = [randomOf("sums"), randomOf("sums")];
  const values = Float64Array.from({ length: n }, (_, at) => 7 ** (at % 5));
  const sums = new Float64Array(4);
  fast.sumDraws(values, draws, sums);
  const expected = Array.from(sums, () => {
    const places: number[] = [];
    while (places.length < draws) {
      const product = BigInt(slow.nextWord()) * BigInt(n);
      places.push(Number(product >> 32n));
      if (n < 11_586) places.push(Number(((product & 0xffff_ffffn) * BigInt(n)) >> 32n));
    }
    return places.slice(0, draws).reduce((sum, place) => sum + (values[place] ?? Number.NaN), 0);
  });
  expect(Array.from(sums)).toEqual(expected);
  expect(fast.nextWord()).toBe(slow.nextWord());
});

test("sums of draws vary as those of independent draws do", () => {
  const values = Float64Array.from({ length: 10_000 }, (_, at) => Math.sin(at));
  const sums = new Float64Array(2000);
  randomOf("variance").sumDraws(values, 10_000, sums);
  const variance = sums.reduce((sum, value) => sum + value * value, 0) / 2000;
  // sin² is 1/2 on the average; the sample's variance has a standard error of √(2 / 2000).
  expect(Math.abs(variance / 5000 - 1)).toBeLessThan(0.1);
});

describe("drawn binomials follow the distribution", () => {
  test.for([
    [20, 0.1],
    [1000, 0.03],
    [1000, 0.4],
    [50, 0.9],
    [1_000_000, 0.5],
  ] as const)("%i trials of %f", ([trials, share]) => {
    const random = randomOf(`binomial ${trials} ${share}`);
    const draws = Array.from({ length: 20_000 }, () => drawBinomial(random, trials, share)).sort((a, b) => a - b);
    // Kolmogorov's distance; 0.0138 would be reached by chance in one of a thousand.
    const distance = Math.max(
      ...draws.map((k, at) =>
        draws[at + 1] === k ? 0 : Math.abs(binomialAtMost(k, trials, share) - (at + 1) / 20_000),
      ),
    );
    expect(distance).toBeLessThan(0.0138);
  });

  test("ends", () => {
    expect([
      drawBinomial(randomOf(""), 7, 0),
      drawBinomial(randomOf(""), 7, 1),
      drawBinomial(randomOf(""), 0, 0.5),
    ]).toEqual([0, 7, 0]);
  });
});
