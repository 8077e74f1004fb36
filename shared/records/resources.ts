/** What a training used: GPUs, memory, energy, money. Null where the driver does not tell: never 0. */
import * as z from "zod";
import { finite, utcTimestamp } from "./fields-1.ts";

const amount = z.number().nonnegative();
const measured = amount.nullable();

const gpu = z.strictObject({
  index: z.int().nonnegative(),
  name: z.string(),
  uuid: z.string().optional().describe("Shortened SHA-256 of the device's UUID: tells two apart and names none"),
  memoryBytes: measured.describe("Of the slice for a MIG device, else of the whole GPU"),
  memoryPeakBytes: measured,
  utilizationMeanPercent: measured.describe("How long a kernel ran, not how well it used the GPU"),
  utilizationPeakPercent: measured,
  powerMeanWatts: measured,
  energyJoules: measured,
  mig: z
    .strictObject({ profile: z.string(), sharesBoard: z.boolean() })
    .optional()
    .describe("For a slice: power and energy are those of the whole board"),
  throttled: z.array(z.string()).optional(),
});

const curve = z.strictObject({
  name: z.string().min(1),
  unit: z.string().optional(),
  axis: z.enum(["seconds", "step", "epoch"]),
  points: z
    .array(z.tuple([finite, finite]))
    .max(1000)
    .describe("Thinned to at most 1000"),
});

export const resources = z.strictObject({
  gpus: z.array(gpu).describe("Empty without a GPU"),
  driver: z.string().optional(),
  cuda: z.string().optional(),
  cpus: amount.optional(),
  cpuSeconds: amount.optional(),
  memoryBytes: amount.optional(),
  memoryPeakBytes: amount.optional(),
  diskFreeBytes: amount.optional(),
  samples: z.int().nonnegative().optional(),
  intervalSeconds: amount.optional(),
  energyJoules: measured.optional().describe("Sum over the GPUs; null when one of them does not tell"),
  emissionsGrams: amount.optional().describe("CO2 equivalent, as a tool of the user's measured it"),
  wastedSeconds: amount.optional().describe("Time in which every GPU was idle, or that an interruption lost"),
  cost: z
    .strictObject({
      amount,
      currency: z.string().regex(/^[A-Z]{3}$/, "three capital letters, for example USD"),
      perHour: amount,
    })
    .optional(),
  curves: z.array(curve).max(40).optional(),
});

/** A check before the training: can this machine do it? */
export const preflightCheck = z.strictObject({
  code: z.string().min(1),
  outcome: z.enum(["pass", "warn", "fail", "unknown"]),
  message: z.string(),
});

/** Why a training failed, with the line that shows it. */
export const diagnosis = z.strictObject({
  kind: z.string().min(1).describe("For example `gpu-oom`, `host-oom`, `collective`, `divergence`, `stall`"),
  confidence: z.enum(["high", "medium", "low"]),
  retry: z.enum(["no", "once", "same-runner", "other-runner"]),
  evidence: z
    .strictObject({
      source: z.string(),
      line: z.string().max(1000),
      at: z.int().nonnegative().optional().describe("Byte offset"),
    })
    .optional(),
  message: z.string(),
});

/** One attempt of a training that was interrupted and went on. */
export const trainingAttempt = z.strictObject({
  run: z.int().positive(),
  attempt: z.int().positive(),
  startedAt: utcTimestamp,
  endedAt: utcTimestamp.nullable(),
  ended: z.string().describe("For example `preempted`, `runner-lost`, `success`"),
});

export { curve as trainingCurve };
