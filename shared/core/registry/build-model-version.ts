/** The record of a registered version. */
import { type DigestFunction, digestRecord } from "../../records/digest.ts";
import type { CoveredPattern, FileRecord } from "../../records/fields.ts";
import type { ModelLocation } from "../../records/location.ts";
import { MODEL_VERSION, type ModelVersionRecord } from "../../records/model-version.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import type { Verdict } from "../../records/verdict.ts";
import { bytesLevel } from "./bytes/location-state.ts";

interface ModelVersionInput
  extends Pick<ModelVersionRecord, "model" | "version" | "modelDigest" | "governance" | "createdAt" | "origin"> {
  readonly patterns: readonly CoveredPattern[];
  readonly files: readonly FileRecord[];
  /** Where the bytes are, in the order in which they are tried. */
  readonly locations: readonly ModelLocation[];
  readonly training: ReadRecord<TrainingRecord>;
  readonly verdict: ReadRecord<Verdict> | undefined;
  readonly metadataSchema?: ModelVersionRecord["metadataSchema"];
  readonly line?: ModelVersionRecord["line"];
  readonly branch?: ModelVersionRecord["branch"];
  /** What was proven about the records. */
  readonly evidence: ModelVersionRecord["evidence"];
  readonly digestOf: DigestFunction;
}

/** In the order in which people read it in the tag's message. */
export function buildModelVersion({
  training,
  verdict,
  metadataSchema,
  line,
  branch,
  evidence,
  digestOf,
  ...input
}: ModelVersionInput): ModelVersionRecord {
  const { commit, dataDigest, metrics } = training.record;
  return {
    schema: MODEL_VERSION,
    model: input.model,
    version: input.version,
    commit,
    modelDigest: input.modelDigest,
    dataDigest,
    trainingRecordDigest: digestRecord(training, digestOf),
    verdictDigest: verdict === undefined ? null : digestRecord(verdict, digestOf),
    metrics,
    governance: input.governance,
    createdAt: input.createdAt,
    origin: input.origin,
    files: [...input.files],
    ...(input.locations.length > 0 && { locations: [...input.locations] }),
    patterns: [...input.patterns],
    ...(line !== undefined && { line }),
    ...(branch !== undefined && { branch }),
    ...(evidence !== undefined && { evidence }),
    ...(metadataSchema !== undefined && {
      metadataSchema: { path: metadataSchema.path, ref: metadataSchema.ref, digest: metadataSchema.digest },
    }),
    guarantee: { bytes: bytesLevel(input.locations.map((location) => ({ location, found: { state: "there" } }))) },
  };
}
