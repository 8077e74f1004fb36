/** Training record @1: what ran on which commit and data, where, for how long, and with what result. */
import * as z from "zod";
import { commit, digest, file, metric, origin, utcTimestamp } from "./fields-1.ts";

export const TRAINING_RECORD_1 = "mlops-actions/training-record@1";

export const trainingRecord1 = z.strictObject({
  schema: z.literal(TRAINING_RECORD_1),
  outcome: z.enum(["success", "failure", "cancelled", "timed-out"]),
  commit: commit.describe("The commit that was checked out"),
  dataDigest: digest.nullable().describe("From the data report; null when no data was declared"),
  command: z.array(z.string()).min(1).describe("Program and arguments, secrets masked"),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  environment: z.strictObject({
    os: z.string(),
    arch: z.string(),
    runner: z.string(),
    gpus: z.array(z.string()).describe("Names as the driver reports them; empty without a driver"),
    versions: z.record(z.string(), z.string()).describe("Program name to version"),
  }),
  startedAt: utcTimestamp,
  endedAt: utcTimestamp,
  exit: z.strictObject({ code: z.int().nullable(), signal: z.string().nullable() }),
  metrics: z.array(metric),
  metricFiles: z.array(file),
  model: z
    .strictObject({
      files: z.array(file).min(1),
      digest: digest.describe("Over paths, sizes and digests of all files"),
    })
    .nullable(),
  origin,
});

export type TrainingRecord1 = z.infer<typeof trainingRecord1>;
