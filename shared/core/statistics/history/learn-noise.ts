/** How much a metric varies from run to run although nothing about the model changed, from its values on the default branch. */
import { studentQuantile } from "../distribution/student-t.ts";
import { findNotFinite, type Inconclusive, inconclusive } from "../inconclusive.ts";

export const MIN_RUNS = 10;
/** As many values as a record carries. */
const MAX_RUNS = 50;
/** Differences further from the usual one than so many standard deviations are steps: somebody changed the model. */
const STEP_FROM = 5;
/** A value further from the level than so many of its standard errors was at another one. */
const LEVEL_WITHIN = 3;
/** Few, so that slow drift does not carry the level away; more would make the error only a little smaller. */
const LEVEL_RUNS = 5;
/** The median of a normal distribution's absolute values, as the number that turns one into a standard deviation. */
const MEDIAN_TO_DEVIATION = 1.482_602_218_505_602;

/** Differences of equal values differ by no more than this share of them. */
const ROUNDING = 1e-13;

export interface Noise {
  /** Standard deviation of one run. */
  readonly deviation: number;
  /** Degrees of freedom of it. */
  readonly df: number;
  /** Where the metric is now: the mean of the last runs, as far as they are at one level. */
  readonly level: number;
  /** Standard error of the next run minus the level. */
  readonly stderr: number;
  /** How many values were used. */
  readonly runs: number;
}

/**
 * From differences of successive values, which a step disturbs once and drift hardly: half their mean square (von Neumann and
 * others, "The mean square successive difference", 1941), without those that the median of the differences shows to be steps.
 *
 * @param values oldest first; the last 50 are used
 */
export function learnNoise(values: readonly number[], minRuns = MIN_RUNS): Noise | Inconclusive {
  const bad = findNotFinite(values, "earlier value");
  if (bad !== undefined) return bad;
  const used = values.slice(-MAX_RUNS);
  const missing = Math.max(3, minRuns) - used.length;
  if (missing > 0) {
    return inconclusive("too-few", `it takes ${missing} more ${missing === 1 ? "run" : "runs"} to learn the noise`);
  }
  const differences = used.slice(1).map((value, at) => value - (used[at] as number));
  const drift = median(differences);
  const away = differences.map((difference) => Math.abs(difference - drift));
  const spread = median(away) * MEDIAN_TO_DEVIATION;
  const rounding = ROUNDING * Math.max(...used.map(Math.abs));
  // Where most differences are equal, but for rounding, none can be told to be a step.
  const isStep = (distance: number): boolean => spread > rounding && distance > STEP_FROM * spread;
  const kept = away.filter((distance) => !isStep(distance));
  const square = kept.reduce((sum, distance) => sum + distance ** 2, 0) / kept.length;
  const deviation = Math.sqrt(square / 2);
  if (!Number.isFinite(deviation))
    return inconclusive("not-finite", "the earlier values are too large to compute with");
  if (deviation <= rounding)
    return inconclusive("no-variance", `the last ${used.length} runs do not vary: their noise cannot be learned`);
  const { level, runs } = findLevel(used, deviation);
  return {
    ...{ deviation, level, runs: used.length },
    df: (2 * kept.length ** 2) / (3 * kept.length - 1),
    stderr: deviation * Math.sqrt(1 + 1 / runs),
  };
}

/** The mean of the last values, back to one that is too far from it to be at the same level. */
function findLevel(values: readonly number[], deviation: number): { readonly level: number; readonly runs: number } {
  let level = values.at(-1) as number;
  for (let runs = 1; runs < LEVEL_RUNS; runs += 1) {
    const older = values.at(-1 - runs) as number;
    if (Math.abs(older - level) > LEVEL_WITHIN * deviation * Math.sqrt(1 + 1 / runs)) return { level, runs };
    level += (older - level) / (runs + 1);
  }
  return { level, runs: LEVEL_RUNS };
}

/** How far the next run may lie on the worse side of the level, if a share `alpha` of unchanged models may fail. */
export const findAllowedRegression = ({ stderr, df }: Noise, alpha: number): number =>
  studentQuantile(1 - alpha, df) * stderr;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
