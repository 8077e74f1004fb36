/** Means of different cases, seeds or folds: Welch's t-test. */
import type { Estimate } from "../estimate.ts";
import { findNotFinite, type Inconclusive, inconclusive, isInconclusive } from "../inconclusive.ts";
import { describeSample } from "./sample.ts";
import { estimateByT } from "./t-estimate.ts";

export interface MeanSummary {
  readonly mean: number;
  /** Standard error of the mean: the standard deviation divided by √n. */
  readonly stderr: number;
  /** How many values; left out, the standard error counts as known. */
  readonly n?: number;
}

/**
 * Welch, "The generalization of Student's problem when several different population variances are involved", 1947, with
 * Satterthwaite's degrees of freedom.
 */
export function compareMeans(candidate: MeanSummary, baseline: MeanSummary): Estimate | Inconclusive {
  const sides = [candidate, baseline];
  const bad = findNotFinite(
    sides.flatMap(({ mean, stderr, n = 2 }) => [mean, stderr, n]),
    "number",
  );
  if (bad !== undefined) return bad;
  if (sides.some(({ stderr }) => stderr < 0)) return inconclusive("out-of-range", "a standard error is below 0");
  if (sides.some(({ n = 2 }) => n < 2))
    return inconclusive("too-few", "one value says nothing about noise: two are needed");
  const [a, b] = [candidate.stderr ** 2, baseline.stderr ** 2];
  const parts = share(a, a + b, candidate.n) + share(b, a + b, baseline.n);
  return estimateByT({
    method: "Welch's t-test",
    n: candidate.n !== undefined && baseline.n !== undefined ? Math.min(candidate.n, baseline.n) : undefined,
    difference: candidate.mean - baseline.mean,
    stderr: Math.hypot(candidate.stderr, baseline.stderr),
    df: parts > 0 ? 1 / parts : Number.POSITIVE_INFINITY,
  });
}

const share = (variance: number, total: number, n: number | undefined): number =>
  n === undefined || variance === 0 ? 0 : (variance / total) ** 2 / (n - 1);

/** Values that were measured again and again, for example one for each seed. */
export function compareSamples(candidate: ArrayLike<number>, baseline: ArrayLike<number>): Estimate | Inconclusive {
  const [a, b] = [candidate, baseline].map(checkedSample);
  if (a === undefined || b === undefined) return inconclusive("too-few", "there are no values");
  if (isInconclusive(a)) return a;
  return isInconclusive(b) ? b : compareMeans(a, b);
}

function checkedSample(values: ArrayLike<number>): MeanSummary | Inconclusive {
  return findNotFinite(Array.from(values), "value") ?? describeSample(values);
}
