/** Verdict @1: the gate's result, and exactly what it judged. */
import * as z from "zod";
import { commit, digest, finite, origin } from "./fields-1.ts";

export const VERDICT_1 = "mlops-actions/verdict@1";

const ruling = z.strictObject({
  metric: z.string(),
  slice: z.string().nullable(),
  better: z.enum(["higher", "lower"]),
  rule: z.enum(["min", "max", "max-regression"]),
  threshold: finite.describe("What the policy writes: a value, an amount, or a share of the baseline in percent"),
  unit: z.enum(["absolute", "percent"]).describe("Percent: the threshold is a share of the baseline's size"),
  candidate: finite.nullable().describe("Null when the metric is missing"),
  baseline: finite.nullable().describe("Null when the rule needs none, or there is none"),
  outcome: z
    .enum(["pass", "fail", "inconclusive"])
    .describe("Inconclusive: it needs a baseline, and the repository never had one"),
  reason: z.string().describe("One sentence, with the numbers that were compared"),
});

export const verdict1 = z.strictObject({
  schema: z.literal(VERDICT_1),
  outcome: z.enum(["pass", "fail", "inconclusive", "error"]),
  head: commit.describe("The pull request's head"),
  judged: commit.describe("The commit whose metrics were judged: the test merge"),
  metricsDigest: digest,
  policy: z.strictObject({ path: z.string(), ref: commit.describe("The trusted commit it was read from"), digest }),
  baseline: z
    .strictObject({ commit, metricsDigest: digest, source: z.string().describe("Run or file it came from") })
    .nullable(),
  rulings: z.array(ruling),
  /** Everything that was measured, for the comment: judged or not. */
  metrics: z.array(
    z.strictObject({
      name: z.string(),
      slice: z.string().nullable(),
      candidate: finite.nullable(),
      baseline: finite.nullable(),
    }),
  ),
  notes: z.array(z.string()).describe("What a reviewer should know, for example that the change edits the policy"),
  origin,
});

export type Verdict1 = z.infer<typeof verdict1>;
