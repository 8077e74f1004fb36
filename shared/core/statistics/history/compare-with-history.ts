/** One value against the level and the noise of the runs before it. */
import type { Estimate } from "../estimate.ts";
import { findNotFinite, type Inconclusive, isInconclusive } from "../inconclusive.ts";
import { estimateByT } from "../mean/t-estimate.ts";
import { learnNoise, MIN_RUNS } from "./learn-noise.ts";

/** @param history values of the default branch, oldest first */
export function compareWithHistory(
  value: number,
  history: readonly number[],
  minRuns = MIN_RUNS,
): Estimate | Inconclusive {
  const bad = findNotFinite([value], "value");
  if (bad !== undefined) return bad;
  const noise = learnNoise(history, minRuns);
  if (isInconclusive(noise)) return noise;
  const { level, stderr, df, runs } = noise;
  return estimateByT({ method: "noise of earlier runs", n: runs, difference: value - level, stderr, df });
}
