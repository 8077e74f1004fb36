/**
 * Per-example results as evidence: whether they belong to the metrics that were reported, and what they are compared with. The
 * candidate's are from the change under judgement: labels, weights and slices are those of the baseline.
 */

import type { DigestFunction } from "../../records/digest.ts";
import type { FileRecord } from "../../records/fields.ts";
import type { WantedPredictions } from "../policy/wanted-predictions.ts";
import { findMismatch } from "../statistics/decision/match-reported.ts";
import { type Inconclusive, inconclusive, isInconclusive } from "../statistics/inconclusive.ts";
import { type AlignedPredictions, alignPredictions, selectGroup } from "../statistics/predictions/align-predictions.ts";
import type { CaseResult } from "../statistics/predictions/case-result.ts";
import { type CaseMetric, comparePredictions } from "../statistics/predictions/compare-predictions.ts";
import { type PredictionsText, readPredictionFiles } from "../statistics/predictions/read-predictions.ts";
import { Random } from "../statistics/random/random.ts";

export interface PredictedCases {
  readonly results: readonly CaseResult[];
  /** Over the digests of its files. */
  readonly digest: string;
}

/** @throws ActionError as `readPredictionFiles` */
export const toPredictedCases = (
  texts: readonly PredictionsText[],
  columns: WantedPredictions["columns"],
  files: readonly Pick<FileRecord, "digest">[],
  digestOf: DigestFunction,
): PredictedCases => ({
  results: readPredictionFiles(texts, columns),
  digest: digestOfFiles(files, digestOf),
});

/** In whatever order they are named. */
export const digestOfFiles = (files: readonly Pick<FileRecord, "digest">[], digestOf: DigestFunction): string =>
  digestOf(JSON.stringify(files.map(({ digest }) => digest).sort()));

/** What both sides predicted, of everything or of one slice. */
export interface CaseEvidence {
  readonly aligned: AlignedPredictions | Inconclusive;
  /** All of the candidate's, also those that the baseline does not have. */
  readonly own: readonly CaseResult[];
  /** Of what is compared: whoever judges it again gets the same resamples. */
  readonly seed: string;
}

/** @param found the baseline's; text: why there are none */
export function joinCases(candidate: PredictedCases, found: PredictedCases | string | undefined): CaseEvidence {
  const before = typeof found === "object" ? found : undefined;
  const labels = new Map((before?.results ?? []).map(({ id, label }) => [id, label]));
  const own = candidate.results.map((result): CaseResult => {
    const label = labels.get(result.id);
    return label === undefined || result.label !== undefined ? result : { ...result, label };
  });
  return {
    own,
    aligned:
      before === undefined
        ? inconclusive("not-supported", typeof found === "string" ? found : "the baseline has none")
        : alignPredictions(candidate.results, before.results),
    seed: mixDigests(candidate.digest, before?.digest ?? candidate.digest),
  };
}

/** As many bits of each as a generator is seeded by. */
const mixDigests = (a: string, b: string): string => `sha256:${`${a.slice(7, 23)}${b.slice(7, 23)}`.repeat(2)}`;

export function selectSlice({ aligned, own, seed }: CaseEvidence, slice: string | null): CaseEvidence {
  if (slice === null) return { aligned, own, seed };
  const part = isInconclusive(aligned) ? aligned : selectGroup(aligned, slice);
  const isEmpty = !isInconclusive(part) && part.pairs.length === 0 && part.missing.length === 0;
  const groups = new Map(isInconclusive(aligned) ? [] : aligned.pairs.map(({ id, group }) => [id, group]));
  return {
    seed,
    own: own.filter(({ id, group }) => (groups.has(id) ? groups.get(id) : group) === slice),
    aligned: isEmpty ? inconclusive("not-supported", "no case of the baseline is in this slice") : part,
  };
}

/**
 * All of the candidate's cases must give the metric that its training reported. Otherwise good predictions could stand for a bad
 * model: copied ones, with one case more, so that they are not those of the same examples.
 *
 * @returns a mismatch; or why the cases cannot tell; `undefined`: they agree
 */
export function checkReported(
  metric: CaseMetric,
  reported: number,
  { own, seed }: CaseEvidence,
): Inconclusive | undefined {
  if (own.length === 0) return inconclusive("not-supported", "no case of the candidate is in this slice");
  const itself = alignPredictions(own, own);
  if (isInconclusive(itself)) return itself;
  const { values, result } = comparePredictions(metric, itself, new Random(seed));
  if (values === undefined) return isInconclusive(result) ? result : undefined;
  if (values.n < itself.pairs.length)
    return inconclusive(
      "not-supported",
      `${itself.pairs.length - values.n} of ${itself.pairs.length} cases do not have what ${metric.statistic} takes`,
    );
  return findMismatch("candidate", values.candidate, reported);
}
