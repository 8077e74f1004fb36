/** A registered version of a model: its digest, its lineage, and who is responsible for it. */
import * as z from "zod";
import { commit, digest, metric, origin, utcTimestamp } from "./fields.ts";

export const MODEL_VERSION = "mlops-actions/model-version@1";

export const modelVersionRecord = z.strictObject({
  schema: z.literal(MODEL_VERSION),
  model: z.string(),
  version: z.string(),
  commit,
  modelDigest: digest,
  dataDigest: digest.nullable(),
  trainingRecordDigest: digest,
  verdictDigest: digest.nullable(),
  metrics: z.array(metric).describe("As the training measured them, for those who decide about a promotion"),
  governance: z
    .record(z.string(), z.string())
    .describe("owner, purpose, data_sources, approval_date and what the policy adds"),
  createdAt: utcTimestamp,
  origin,
});

export type ModelVersionRecord = z.infer<typeof modelVersionRecord>;
