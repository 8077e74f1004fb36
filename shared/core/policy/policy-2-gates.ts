/** Policy 2: what gate-metrics judges, by which evidence, against what, and what is waived. */
import * as z from "zod";
import {
  amountOrShare,
  amountShareOrAuto,
  branchPattern,
  date,
  duration,
  environmentName,
  line,
  login,
  metricName,
  path,
  severity,
} from "./policy-2-names.ts";

const share = z.number().gt(0).lt(1);

const rule = z.strictObject({
  min: z.number().optional().describe("Smallest value that passes"),
  max: z.number().optional().describe("Largest value that passes"),
  "max-regression": amountShareOrAuto
    .optional()
    .describe(
      "How much worse than the baseline it may be: an amount, a share such as 2%, or auto: more than its noise",
    ),
  "max-change": amountOrShare.optional().describe("How much it may differ from the baseline in either direction"),
  "min-improvement": amountOrShare.optional().describe("How much better than the baseline it must be"),
  "min-n": z.int().positive().optional().describe("How many examples it must have been measured on"),
});

const worstSlice = z.strictObject({
  min: rule.shape.min,
  max: rule.shape.max,
  "max-regression": rule.shape["max-regression"],
  among: z.array(metricName).min(1).optional().describe("Only these slices. By default all that were measured"),
  "min-n": z.int().positive().optional().describe("Slices with fewer examples do not count"),
});

const gap = z.strictObject({
  max: z.number().nonnegative().describe("Largest difference between the best and the worst of the slices"),
  between: z.array(metricName).min(2).describe("The slices that are compared"),
  "min-n": z.int().positive().optional().describe("Slices with fewer examples make it inconclusive"),
});

const UNITS = [
  "ns",
  "us",
  "ms",
  "s",
  "min",
  "h",
  "B",
  "kB",
  "MB",
  "GB",
  "kiB",
  "MiB",
  "GiB",
  "J",
  "Wh",
  "kWh",
  "g",
  "kg",
  "USD",
  "EUR",
] as const;

export const gate2 = z
  .strictObject({
    metric: metricName.describe("Name of the metric, as the training writes it"),
    better: z
      .enum(["higher", "lower"])
      .optional()
      .describe("Which direction is an improvement; may be left out for a name of the dictionary"),
    ...rule.shape,
    unit: z
      .enum(UNITS)
      .optional()
      .describe("Unit of the rules; a value measured in another unit of the same kind is converted"),
    slices: z
      .record(metricName, rule)
      .optional()
      .describe("Rules for single slices, in addition to the rules for all data"),
    "worst-slice": worstSlice.optional().describe("Rules for whichever slice is worst"),
    gap: gap.optional().describe("How far slices may lie apart"),
    severity: severity.default("fail").describe("Whether a broken rule closes the gate or is only shown"),
    "on-inconclusive": z
      .enum(["pass", "warn", "fail"])
      .optional()
      .describe("What happens when the evidence does not suffice. By default as in statistics"),
    evidence: z
      .array(z.enum(["predictions", "history", "summaries"]))
      .min(1)
      .optional()
      .describe("Kinds of evidence that may decide. By default as in statistics"),
    reason: line.optional().describe("Why the rule is there: it is shown when it is broken"),
  })
  .describe("One metric and its rules");

export const statistics2 = z.strictObject({
  evidence: z
    .array(z.enum(["predictions", "history", "summaries"]))
    .min(1)
    .optional()
    .describe("Kinds of evidence that may decide; the best that is there is used. By default all"),
  alpha: share.default(0.05).describe("Share of unchanged models that all gates together may fail"),
  power: share.default(0.8).describe("For minimum detectable effects"),
  correction: z.enum(["holm", "none"]).default("holm").describe("For several gated metrics"),
  "on-inconclusive": z
    .enum(["pass", "warn", "fail"])
    .default("fail")
    .describe("What happens when the evidence does not suffice"),
  "min-runs": z.int().min(3).max(50).default(10).describe("Earlier values that auto needs"),
  predictions: z
    .strictObject({
      files: z.array(path).min(1).describe("Paths or globs of per-example results"),
      id: line.default("id").describe("Column that names the example"),
      label: line.default("label").describe("Column of the truth"),
      prediction: line.default("prediction").describe("Column of the predicted class or value"),
      score: line.default("score").describe("Column of the score"),
      group: line.default("group").describe("Column of the slice"),
      weight: line.default("weight").describe("Column of the weight"),
      cluster: line
        .default("cluster")
        .describe("Column that names what belongs together: such examples are not independent"),
      repeat: line.default("repeat").describe("Column that numbers the tries of an example: they count as a share"),
      error: line
        .default("error")
        .describe("Column that says why there is no result: no wrong answer, and never green"),
      positive: line.optional().describe("The label of the positive class, where the labels do not tell"),
    })
    .optional()
    .describe("Per-example results, CSV or JSON Lines, for paired tests. All but `id` need not be there"),
});

export const baselineSource = z.strictObject({
  from: z
    .enum(["first-parent", "nearest-ancestor", "file", "commit", "ratchet", "environment"])
    .describe(
      "The base commit's record, that of an ancestor, a file in git at the base, a fixed commit, the best values so far, or the version in an environment",
    ),
  within: z.int().min(1).max(1000).optional().describe("For nearest-ancestor: how many commits back"),
  path: path.optional().describe("For file and ratchet: the file in git; a DVC pointer is followed"),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/, "a full commit SHA: 40 hex digits")
    .optional()
    .describe("For commit: the commit whose record is used"),
  environment: environmentName.optional().describe("For environment: the one whose current version is used"),
  "max-age": duration.optional().describe("An older one is not used"),
});

export const waiver2 = z.strictObject({
  metric: metricName.describe("The gate that is waived"),
  slice: metricName.optional().describe("Only for this slice"),
  branch: branchPattern.optional().describe("Only for changes from these branches"),
  approver: login.describe("Who allowed it: somebody with write permission other than the author of the change"),
  reason: line.describe("Why: it is shown"),
  expires: date.describe("Last day on which it counts, in UTC"),
});

export type Gate2 = z.infer<typeof gate2>;
export type GateRule2 = z.infer<typeof rule>;
export type Statistics2 = z.infer<typeof statistics2>;
export type BaselineSource = z.infer<typeof baselineSource>;
export type Waiver2 = z.infer<typeof waiver2>;
