/** Tolerances against noise: how many unchanged models a rule would fail. */
import { expect, test } from "vitest";
import { learnNoise } from "../history/learn-noise.ts";
import { drawNormal, randomOf, sure } from "../testing.ts";
import { lintTogether, lintTolerance, spreadOfRuns, spreadOfShare } from "./lint-tolerance.ts";

test("1% on 1,000 cases at an accuracy of 0.9 fails a quarter of unchanged models, ten of them nearly all", () => {
  const lint = sure(lintTolerance(0.009, sure(spreadOfShare(0.9, 1000)), 0.05));
  expect(lint.warning).toBe("this rule is tighter than your noise: 25 of 100 unchanged models would fail");
  expect(lint.enough).toBeCloseTo(0.022_07, 5);
  expect(lintTogether(Array(10).fill(lint), 0.05).warning).toBe(
    "these 10 rules together are tighter than your noise: 94 of 100 unchanged models would fail",
  );
});

test("the stated share fails when models are trained again", () => {
  const random = randomOf("lint");
  const history = Array.from({ length: 50 }, () => 0.01 * drawNormal(random));
  const { unchangedFailing } = sure(lintTolerance(0.015, spreadOfRuns(sure(learnNoise(history))), 0.05));
  const failing = Array.from({ length: 20_000 }, () => 0.01 * (drawNormal(random) - drawNormal(random)) > 0.015);
  expect(Math.abs(failing.filter(Boolean).length / 20_000 - unchangedFailing)).toBeLessThan(0.04);
});

test("a tolerance that is wide enough is not told", () => {
  const spread = { stderr: 0.01, df: 20 };
  const { enough } = sure(lintTolerance(0.001, spread, 0.05));
  expect(sure(lintTolerance(enough * 1.001, spread, 0.05))).not.toHaveProperty("warning");
  expect(sure(lintTolerance(enough * 0.999, spread, 0.05))).toHaveProperty("warning");
  expect(lintTogether([], 0.05)).toEqual({ unchangedFailing: 0 });
});

test("without any tolerance half of the unchanged models fail", () => {
  expect(sure(lintTolerance(0, { stderr: 0.01, df: 9 }, 0.05)).unchangedFailing).toBe(0.5);
  expect(sure(spreadOfShare(0, 10)).stderr).toBe(0);
  expect(sure(spreadOfShare(1, 10)).stderr).toBe(0);
});

test.for([
  ["NaN", lintTolerance(Number.NaN, { stderr: 1, df: 1 }, 0.05), "not-finite"],
  ["a negative tolerance", lintTolerance(-1, { stderr: 1, df: 1 }, 0.05), "out-of-range"],
  ["a negative noise", lintTolerance(1, { stderr: -1, df: 1 }, 0.05), "out-of-range"],
  ["no degrees of freedom", lintTolerance(1, { stderr: 1, df: 0 }, 0.05), "out-of-range"],
  ["infinite noise", lintTolerance(1, { stderr: Number.POSITIVE_INFINITY, df: 1 }, 0.05), "not-finite"],
  ["no noise", lintTolerance(1, { stderr: 0, df: 1 }, 0.05), "no-variance"],
  ["no cases", spreadOfShare(0.5, 0), "too-few"],
  ["no share", spreadOfShare(1.5, 10), "out-of-range"],
] as const)("refuses: %s", ([, result, reason]) => {
  expect(result).toMatchObject({ inconclusive: reason });
});
