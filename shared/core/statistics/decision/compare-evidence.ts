/** All comparisons of one metric that its evidence allows. */
import { compareWithHistory } from "../history/compare-with-history.ts";
import { type Inconclusive, isInconclusive } from "../inconclusive.ts";
import type { AlignedPredictions } from "../predictions/align-predictions.ts";
import { type CaseMetric, comparePredictions } from "../predictions/compare-predictions.ts";
import type { Random } from "../random/random.ts";
import type { Comparison } from "./choose-evidence.ts";
import { compareSummaries, type Summary } from "./compare-summaries.ts";
import { findMismatch } from "./match-reported.ts";

export interface Evidence {
  readonly candidate: Summary;
  /** Absent when the baseline is not known: history may still decide. */
  readonly baseline?: Summary;
  /** Values of the default branch, oldest first. */
  readonly history?: readonly number[];
  /** Which statistic of the cases the metric is; absent: cases cannot tell it. */
  readonly caseMetric?: CaseMetric;
  readonly predictions?: AlignedPredictions | Inconclusive;
}

export interface EvidenceOptions {
  /** Earlier values that history needs. */
  readonly minRuns: number;
  /** Of what is compared: the same evidence gets the same resamples. */
  readonly random: Random;
}

export function compareEvidence(evidence: Evidence, { minRuns, random }: EvidenceOptions): readonly Comparison[] {
  const { candidate, baseline, history, caseMetric } = evidence;
  const comparisons: Comparison[] = [];
  if (caseMetric !== undefined && evidence.predictions !== undefined) {
    comparisons.push(compareCases(evidence.predictions, caseMetric, evidence, random));
  }
  if (history !== undefined) {
    comparisons.push({ kind: "history", result: compareWithHistory(candidate.value, history, minRuns) });
  }
  if (baseline !== undefined) {
    const isShare = caseMetric?.statistic === "accuracy" || caseMetric?.statistic === "error-rate";
    comparisons.push({ kind: "summaries", result: compareSummaries(candidate, baseline, isShare) });
  }
  return comparisons;
}

function compareCases(
  predictions: AlignedPredictions | Inconclusive,
  metric: CaseMetric,
  { candidate, baseline }: Evidence,
  random: Random,
): Comparison {
  if (isInconclusive(predictions)) return { kind: "predictions", result: predictions };
  const { result, missing, values } = comparePredictions(metric, predictions, random);
  // With missing or added cases the metrics are over others than those that both sides have.
  const isWhole = missing === 0 && predictions.added.length === 0;
  const mismatch =
    values !== undefined && isWhole
      ? (findMismatch("candidate", values.candidate, candidate.value) ??
        (baseline && findMismatch("baseline", values.baseline, baseline.value)))
      : undefined;
  return { kind: "predictions", result: mismatch ?? result, missing };
}
