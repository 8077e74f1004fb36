/** How often the positive class was there when the model said so with a probability: of both sides, in ten bins. */
import type { Verdict } from "../../records/verdict.ts";
import { isInconclusive } from "../statistics/inconclusive.ts";
import type { CaseResult } from "../statistics/predictions/case-result.ts";
import { findPositive } from "../statistics/predictions/positive-class.ts";
import { onlyResult } from "../statistics/predictions/side-by-side.ts";
import type { CaseEvidence } from "./predicted-cases.ts";

type Calibration = NonNullable<Verdict["calibration"]>;
type Bin = Calibration["candidate"][number];

const BINS = 10;
/** With fewer, a bin says nothing. */
const MIN_CASES = 100;

/**
 * @param positive the label that the policy names, where it does
 * @returns nothing where the scores are no probabilities of a known class
 */
export function describeCalibration(
  { aligned }: CaseEvidence,
  positive: string | undefined,
): { readonly calibration?: Calibration } {
  if (isInconclusive(aligned)) return {};
  const { pairs } = aligned;
  const label = positive ?? findPositive(pairs);
  if (label === undefined) return {};
  const sideOf = (results: (pair: (typeof pairs)[number]) => readonly CaseResult[]) =>
    pairs.flatMap((pair) => {
      const score = onlyResult(results(pair))?.score;
      return score === undefined || pair.label === undefined ? [] : [{ score, isPositive: pair.label === label }];
    });
  const [candidate, baseline] = [sideOf((pair) => pair.candidate), sideOf((pair) => pair.baseline)];
  const isProbability = [...candidate, ...baseline].every(({ score }) => score >= 0 && score <= 1);
  if (candidate.length < MIN_CASES || baseline.length < MIN_CASES || !isProbability) return {};
  const edges = Array.from({ length: BINS + 1 }, (_, at) => at / BINS);
  return { calibration: { edges, candidate: toBins(candidate), baseline: toBins(baseline) } };
}

/** The last bin has its upper edge, too. */
function toBins(cases: readonly { readonly score: number; readonly isPositive: boolean }[]): Bin[] {
  const sums = Array.from({ length: BINS }, () => ({ n: 0, score: 0, positive: 0 }));
  for (const { score, isPositive } of cases) {
    const bin = sums[Math.min(BINS - 1, Math.floor(score * BINS))];
    if (bin === undefined) continue;
    bin.n += 1;
    bin.score += score;
    bin.positive += isPositive ? 1 : 0;
  }
  return sums.map(({ n, score, positive }) => ({
    n,
    mean: n === 0 ? null : Math.min(1, score / n),
    observed: n === 0 ? null : positive / n,
  }));
}

/** Expected calibration error: how far scores and frequencies lie apart, on average over the cases (Naeini and others, 2015). */
export function calibrationError(bins: readonly Bin[]): number {
  const all = bins.reduce((sum, { n }) => sum + n, 0);
  if (all === 0) return 0;
  return bins.reduce((sum, { n, mean, observed }) => sum + (n / all) * Math.abs((mean ?? 0) - (observed ?? 0)), 0);
}
