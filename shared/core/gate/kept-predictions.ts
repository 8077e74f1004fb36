/** Per-example results as model-diff keeps them beside its verdict, for the next run to compare with. */
import type { DigestFunction } from "../../records/digest.ts";
import type { Verdict } from "../../records/verdict.ts";
import { formatPredictions } from "../statistics/predictions/format-predictions.ts";
import { digestOfFiles, type PredictedCases } from "./predicted-cases.ts";

export const KEPT_PATH = "predictions.csv";

export interface KeptPredictions {
  /** Beside the record. */
  readonly path: string;
  readonly text: string;
  /** For the verdict: only a file with this digest is its own. */
  readonly evidence: NonNullable<Verdict["evidence"]>[number];
  /** As whoever reads them gets them: who judges by them again draws the same resamples. */
  readonly cases: PredictedCases;
}

/** Ids, labels, answers and what else comparisons need, under the default names of columns; other columns are left out. */
export function toKeptPredictions({ results }: PredictedCases, digestOf: DigestFunction): KeptPredictions {
  const text = formatPredictions(results);
  const bytes = new TextEncoder().encode(text).length;
  const evidence = { kind: "predictions", path: KEPT_PATH, bytes, digest: digestOf(text) } as const;
  return { path: KEPT_PATH, text, evidence, cases: { results, digest: digestOfFiles([evidence], digestOf) } };
}

/** The files of a verdict's predictions, as `readKeptCases` looks for them. */
export const listKeptPredictions = ({ evidence = [] }: Pick<Verdict, "evidence">) =>
  evidence.flatMap(({ kind, path, bytes = 0, digest }) =>
    kind === "predictions" && path !== undefined ? [{ path, bytes, digest }] : [],
  );
