/** Tolerances against noise: how many unchanged models a rule would fail. */
import { expect, test } from "vitest";
import { learnNoise } from "../history/learn-noise.ts";
import { drawNormal, randomOf, sure } from "../testing.ts";
import { lintTolerance, spreadOfRuns, spreadOfShare, unchangedFailingTogether } from "./lint-tolerance.ts";

const oneSided = (amount: number) => ({ amount, sides: 1 }) as const;

test("1% on 1,000 cases at an accuracy of 0.9 fails a quarter of unchanged models, ten of them nearly all", () => {
  const lint = sure(lintTolerance(oneSided(0.009), sure(spreadOfShare(0.9, 1000)), 0.05));
  expect(lint.unchangedFailing).toBeCloseTo(0.251, 3);
  expect(lint.enough).toBeCloseTo(0.022_07, 5);
  expect(unchangedFailingTogether(Array(10).fill(lint))).toBeCloseTo(0.9446, 4);
  expect(unchangedFailingTogether([])).toBe(0);
});

test("a rule against change in either direction fails twice as many, and needs more room", () => {
  const spread = { stderr: 0.01, df: 20 };
  const [one, two] = ([1, 2] as const).map((sides) => sure(lintTolerance({ amount: 0.01, sides }, spread, 0.05)));
  expect(two?.unchangedFailing).toBe(2 * (one?.unchangedFailing ?? 0));
  expect([one?.enough, two?.enough]).toEqual([expect.closeTo(0.017_247, 6), expect.closeTo(0.020_86, 6)]);
});

test("the stated share fails when models are trained again", () => {
  const random = randomOf("lint");
  const history = Array.from({ length: 50 }, () => 0.01 * drawNormal(random));
  const { unchangedFailing } = sure(lintTolerance(oneSided(0.015), spreadOfRuns(sure(learnNoise(history))), 0.05));
  const failing = Array.from({ length: 20_000 }, () => 0.01 * (drawNormal(random) - drawNormal(random)) > 0.015);
  expect(Math.abs(failing.filter(Boolean).length / 20_000 - unchangedFailing)).toBeLessThan(0.04);
});

test.each([1, 2] as const)("what is enough fails the asked share (sides: %d)", (sides) => {
  const spread = { stderr: 0.01, df: 20 };
  const { enough } = sure(lintTolerance({ amount: 0, sides }, spread, 0.05));
  expect(sure(lintTolerance({ amount: enough, sides }, spread, 0.05)).unchangedFailing).toBeCloseTo(0.05, 9);
});

test("without any tolerance half of the unchanged models fail", () => {
  expect(sure(lintTolerance(oneSided(0), { stderr: 0.01, df: 9 }, 0.05)).unchangedFailing).toBe(0.5);
  expect(sure(spreadOfShare(0, 10)).stderr).toBe(0);
  expect(sure(spreadOfShare(1, 10)).stderr).toBe(0);
});

test.for([
  ["NaN", lintTolerance(oneSided(Number.NaN), { stderr: 1, df: 1 }, 0.05), "not-finite"],
  ["a negative tolerance", lintTolerance(oneSided(-1), { stderr: 1, df: 1 }, 0.05), "out-of-range"],
  ["a negative noise", lintTolerance(oneSided(1), { stderr: -1, df: 1 }, 0.05), "out-of-range"],
  ["no degrees of freedom", lintTolerance(oneSided(1), { stderr: 1, df: 0 }, 0.05), "out-of-range"],
  ["infinite noise", lintTolerance(oneSided(1), { stderr: Number.POSITIVE_INFINITY, df: 1 }, 0.05), "not-finite"],
  ["no noise", lintTolerance(oneSided(1), { stderr: 0, df: 1 }, 0.05), "no-variance"],
  ["no cases", spreadOfShare(0.5, 0), "too-few"],
  ["no share", spreadOfShare(1.5, 10), "out-of-range"],
] as const)("refuses: %s", ([, result, reason]) => {
  expect(result).toMatchObject({ inconclusive: reason });
});
