/** Training record @2: @1, and how the training was started, stopped, resumed or skipped, what it used and why it failed. */
import * as z from "zod";
import { commit, digest, file, utcTimestamp } from "./fields-1.ts";
import { coveredPattern, metric2, metricHistory, origin2, person, recordedProblem, runProof } from "./fields-2.ts";
import { location } from "./location.ts";
import { diagnosis, preflightCheck, resources, trainingAttempt, trainingCurve } from "./resources.ts";
import { trainingRecord1 } from "./training-record-1.ts";

export const TRAINING_RECORD_2 = "mlops-actions/training-record@2";

/** Bytes saved on the way, from which a training can go on. */
const checkpoint = z.strictObject({
  digest: digest.describe("Over paths, sizes and digests of all files"),
  files: z.array(file).min(1),
  step: z.int().nonnegative().optional(),
  savedAt: utcTimestamp,
  complete: z.boolean().describe("False when it may have been cut off"),
  locations: z.array(location).optional(),
});

/** What makes two trainings the same training: when no part differs, the earlier one's result may be taken. */
const contentKey = z.strictObject({
  digest: digest.describe("Over canonical JSON of the parts"),
  parts: z.array(z.strictObject({ name: z.string(), digest })).min(1),
});

const stop = z.strictObject({
  cause: z.enum(["cancelled", "timeout", "preempted", "budget", "watchdog", "stalled", "diverged"]),
  at: utcTimestamp,
  signal: z.string().nullable(),
  graceSeconds: z.number().nonnegative(),
  killed: z.boolean().describe("Whether it had to be killed after its grace period"),
  survivors: z.array(z.string()).optional().describe("Programs that outlived it and were ended"),
});

const log = z.strictObject({
  path: z.string().optional().describe("Where the artifact or the runner keeps all of it"),
  bytes: z.int().nonnegative(),
  tail: z.array(z.string().max(2000)).max(50).describe("The last lines, secrets masked"),
});

export const trainingRecord2 = trainingRecord1.extend({
  schema: z.literal(TRAINING_RECORD_2),
  metrics: z.array(metric2),
  origin: origin2,
  modelName: z.string().optional().describe("Which model of the policy; left out when there is one only"),
  tree: commit.optional().describe("The git tree that was trained"),
  end: z
    .strictObject({ commit, tree: commit, clean: z.boolean() })
    .optional()
    .describe("The checkout after the training: it must be what it was before"),
  history: z.array(metricHistory).optional(),
  predictionFiles: z.array(file).optional().describe("Per-example results, for tests that need them"),
  locations: z.array(location).optional().describe("Where the model's bytes lie"),
  patterns: z.array(coveredPattern).optional(),
  problems: z.array(recordedProblem).optional(),
  diagnosis: diagnosis.optional(),
  preflight: z.array(preflightCheck).optional(),
  log: log.optional(),
  stop: stop.optional().describe("Left out when the command ended by itself"),
  best: z
    .strictObject({ step: z.int().nonnegative(), reason: z.string() })
    .optional()
    .describe("Which step's results count, for a training that ended by its budget"),
  checkpoint: checkpoint.optional(),
  contentKey: contentKey.optional(),
  reused: z
    .strictObject({ recordDigest: digest, commit, proof: runProof })
    .optional()
    .describe("The earlier training whose result this record repeats: nothing was run"),
  resumed: z
    .strictObject({
      checkpoint: digest,
      step: z.int().nonnegative().optional(),
      savedBy: z
        .strictObject({ run: z.int().positive(), attempt: z.int().positive() })
        .optional()
        .describe("The attempt that saved it, as its manifest says"),
      from: runProof.optional().describe("Left out where only the machine knows that attempt"),
    })
    .optional()
    .describe("The checkpoint that the training went on from"),
  attempts: z.array(trainingAttempt).optional().describe("All attempts of this training, oldest first"),
  requestedBy: person.extend({ how: z.enum(["label", "comment", "dispatch", "schedule", "alert"]) }).optional(),
  engine: z
    .strictObject({
      name: z.string(),
      job: z.string(),
      key: z.string().describe("Sent with the order: the same order twice is one job"),
    })
    .optional()
    .describe("The cluster that ran it, if not the runner itself"),
  software: z
    .strictObject({
      image: digest.optional(),
      lockfiles: z.array(file).optional(),
      packages: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  granted: z.array(z.string()).optional().describe("What the training was given of the runner's identity, by name"),
  resources: resources.optional(),
  curves: z.array(trainingCurve).max(100).optional(),
});

export type TrainingRecord2 = z.infer<typeof trainingRecord2>;
