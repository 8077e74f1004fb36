/** Model version @1: its digest, its lineage, and who is responsible for it. */
import * as z from "zod";
import { commit, digest, metric, origin, utcTimestamp } from "./fields-1.ts";

export const MODEL_VERSION_1 = "mlops-actions/model-version@1";

export const modelVersionRecord1 = z.strictObject({
  schema: z.literal(MODEL_VERSION_1),
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

export type ModelVersionRecord1 = z.infer<typeof modelVersionRecord1>;
