/** Policy 2: which data is checked; and when a training may start, be skipped, go on, and what it may cost. */
import * as z from "zod";
import { duration, environmentName, fieldName, line, login, path, severity } from "./policy-2-names.ts";

const dataFiles = {
  contract: path.optional().describe("Path of the data contract"),
  files: z.array(path).min(1).optional().describe("Paths or globs of the data files"),
};

const setName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, "lower-case letters, digits and -, starting with a letter");

const leakage = z.strictObject({
  keys: z.array(line).min(1).describe("Columns that together name an example"),
  between: z.tuple([setName, setName]).describe("The two sets that must not share examples"),
  max: z.int().nonnegative().default(0).describe("How many they may share"),
  severity: severity.default("fail").describe("Whether it fails the check or is only shown"),
});

const drift = z.strictObject({
  columns: z.array(line).min(1).describe("Columns whose distribution is compared with the base branch's data"),
  test: z.enum(["psi", "ks", "chi-square", "jensen-shannon"]).describe("How they are compared"),
  max: z.number().nonnegative().describe("Largest value of the test that passes"),
  set: setName.optional().describe("Only in this set of files"),
  severity: severity.default("fail").describe("Whether it fails the check or is only shown"),
});

const keyedSet = z.strictObject({
  set: setName.describe("Name of the set"),
  keys: z.array(line).min(1).describe("Columns that together name something"),
});

const reference = z.strictObject({
  from: keyedSet.describe("The files that refer to something"),
  to: keyedSet.describe("The files that must have it, by as many columns"),
  max: z.int().nonnegative().default(0).describe("How many different values may be missing"),
  severity: severity.default("fail").describe("Whether it fails the check or is only shown"),
});

const uniqueAcross = z.strictObject({
  keys: z.array(line).min(1).describe("Columns whose values together occur once in all files of the set"),
  set: setName.optional().describe("The set, where there are several"),
  severity: severity.default("fail").describe("Whether it fails the check or is only shown"),
});

export const data2 = z.strictObject({
  ...dataFiles,
  sets: z
    .record(
      setName,
      z.strictObject({
        contract: path.describe("Path of the contract"),
        files: z.array(path).min(1).describe("Paths or globs of the files"),
      }),
    )
    .optional()
    .describe("Several sets of files, each with its contract; in place of contract and files"),
  leakage: z.array(leakage).optional().describe("Sets that must not share examples"),
  references: z.array(reference).optional().describe("What one set refers to in another: foreign keys"),
  unique: z.array(uniqueAcross).optional().describe("What occurs once in all files of a set together"),
  drift: z.array(drift).optional().describe("How far distributions may move"),
  unchanged: z
    .enum(["check", "skip"])
    .default("check")
    .describe(
      "Whether bytes that passed on the default branch are read again; skipping needs GitHub to prove that run",
    ),
});

const onDemand = z.strictObject({
  label: line.optional().describe("Label of a pull request that starts its training"),
  comment: z
    .string()
    .regex(/^\/[a-z][a-z0-9-]{0,30}$/, "a word after a slash, such as /train")
    .optional()
    .describe("First word of a comment that starts it"),
  permission: z
    .enum(["write", "maintain", "admin"])
    .default("write")
    .describe("What somebody must be permitted to start it"),
  people: z.array(login).min(1).optional().describe("Only these people and teams"),
  status: line.default("mlops/gate").describe("Name of the commit status that waits for it"),
});

const skip = z.strictObject({
  code: z.array(path).min(1).describe("Paths whose content matters"),
  data: z.boolean().default(true).describe("Whether the data digest matters"),
  params: z.array(line).optional().describe("Params that matter. By default all"),
  lockfiles: z.array(path).optional().describe("Lockfiles that matter"),
  image: z.boolean().default(true).describe("Whether the container image matters"),
});

const resume = z.strictObject({
  checkpoints: z.array(path).min(1).describe("Paths or globs of checkpoint files"),
  store: z
    .enum(["artifact", "folder", "cache", "command"])
    .default("artifact")
    .describe("Where they are kept between attempts"),
  every: duration.optional().describe("How often they are saved while the training runs"),
  attempts: z.int().min(1).max(50).default(3).describe("How many attempts there may be in all"),
});

const budget = z.strictObject({
  "gpu-hours": z.number().positive().optional().describe("Of one training"),
  "gpu-hours-per-pull-request": z.number().positive().optional().describe("Of all trainings of one pull request"),
  "gpu-hours-per-day": z.number().positive().optional().describe("Of all trainings of one day, in UTC"),
  cost: z.number().positive().optional().describe("Of one training, in the currency of prices"),
  "on-timeout": z
    .enum(["fail", "succeed-with-best"])
    .default("fail")
    .describe("How a training ends that used up its time"),
});

const retrain = z.strictObject({
  when: z
    .array(z.enum(["data-changed", "drift", "alert"]))
    .min(1)
    .describe("What starts it"),
  against: environmentName.optional().describe("The environment whose version it must beat"),
  open: z.enum(["pull-request", "issue"]).default("pull-request").describe("What is opened with the result"),
});

export const train2 = z.strictObject({
  "on-demand": onDemand.optional().describe("Pull requests are trained when somebody asks"),
  skip: skip.optional().describe("A training is not run again when nothing of this changed"),
  resume: resume.optional().describe("An interrupted training goes on where it stopped"),
  budget: budget.optional().describe("What trainings may use"),
  prices: z
    .strictObject({
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, "three capital letters, such as USD")
        .describe("Of all prices"),
      "per-hour": z.record(line, z.number().nonnegative()).describe("By runner label or name of the GPU"),
    })
    .optional()
    .describe("For the cost of a training"),
  preflight: z
    .record(fieldName, z.enum(["off", "warn", "fail"]))
    .optional()
    .describe("Checks of the machine before a training, by name"),
  retrain: retrain.optional().describe("Trainings that a schedule or an alert starts"),
});

export type Data2 = z.infer<typeof data2>;
export type Train2 = z.infer<typeof train2>;
