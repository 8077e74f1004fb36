/** The record of a registered version. */
import { type DigestFunction, digestRecord } from "../../records/digest.ts";
import { MODEL_VERSION, type ModelVersionRecord } from "../../records/model-version.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import type { Verdict } from "../../records/verdict.ts";

interface ModelVersionInput
  extends Pick<ModelVersionRecord, "model" | "version" | "modelDigest" | "governance" | "createdAt" | "origin"> {
  readonly training: TrainingRecord;
  readonly verdict: Verdict | undefined;
  readonly digestOf: DigestFunction;
}

/** In the order in which people read it in the tag's message. */
export function buildModelVersion({ training, verdict, digestOf, ...input }: ModelVersionInput): ModelVersionRecord {
  return {
    schema: MODEL_VERSION,
    model: input.model,
    version: input.version,
    commit: training.commit,
    modelDigest: input.modelDigest,
    dataDigest: training.dataDigest,
    trainingRecordDigest: digestRecord(training, digestOf),
    verdictDigest: verdict === undefined ? null : digestRecord(verdict, digestOf),
    metrics: training.metrics,
    governance: input.governance,
    createdAt: input.createdAt,
    origin: input.origin,
  };
}
