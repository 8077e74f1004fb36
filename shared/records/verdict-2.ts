/** Verdict @2: @1, and what kind of evidence decided, how sure it is, who waived what, and how far it can be trusted. */
import * as z from "zod";
import { digest, finite, utcTimestamp } from "./fields-1.ts";
import { evidenceItem, metricHistory, origin2, person, recordedProblem } from "./fields-2.ts";
import { verdict1 } from "./verdict-1.ts";

export const VERDICT_2 = "mlops-actions/verdict@2";

const version1 = verdict1.shape;
const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

const interval = z.strictObject({ level: share, low: finite, high: finite });

/** How the numbers behind one ruling were compared. */
export const statistics = z.strictObject({
  evidence: z.enum(["predictions", "history", "summaries", "none"]).describe("None: the two values alone"),
  test: z.string().optional().describe("For example `mcnemar-exact`, `paired-bootstrap`, `delong`, `welch`, `wilson`"),
  n: count.optional(),
  nBaseline: count.optional(),
  pairs: count.optional().describe("Examples that both sides have"),
  clusters: count.optional(),
  runs: count.optional().describe("Earlier values of this metric that were used"),
  difference: finite.optional().describe("Candidate less baseline"),
  interval: interval.optional().describe("Of the difference, or of the value for a rule without a baseline"),
  p: share.optional(),
  pAdjusted: share.optional().describe("After the correction for several metrics"),
  detectable: z
    .number()
    .nonnegative()
    .optional()
    .describe("Smallest change that this evidence shows with the stated power"),
  power: share.optional(),
  needed: z
    .strictObject({ n: count.optional(), runs: count.optional() })
    .optional()
    .describe("What would be enough for a decision"),
  seed: z
    .string()
    .optional()
    .describe("Of resampling: computed from the content, so that everyone gets the same result"),
  resamples: count.optional(),
});

export const waiver = z.strictObject({
  approver: person,
  reason: z.string().min(1),
  expires: z.iso.date("a date such as 2026-01-31"),
  source: z.string().describe("Where it was given: the policy with its line, or the address of a comment"),
});

export const ruling2 = version1.rulings.element.extend({
  better: z.enum(["higher", "lower", "neither"]).describe("Neither: a rule against change in either direction"),
  rule: z.enum(["min", "max", "max-regression", "max-change", "min-improvement", "worst-slice", "max-gap", "min-n"]),
  measure: z.string().optional().describe("Unit of threshold and values, for example `ms`"),
  limit: z
    .enum(["min", "max", "max-regression"])
    .optional()
    .describe("For `worst-slice`: the rule that the worst of the slices must satisfy"),
  why: z.string().optional().describe("The policy's own reason for the rule"),
  tolerance: z.enum(["written", "learned"]).optional().describe("Learned: from the noise of earlier values"),
  severity: z
    .enum(["fail", "warn"])
    .optional()
    .describe("Left out: fail. A broken rule of severity warn does not close the gate"),
  between: z
    .array(z.string())
    .optional()
    .describe("The slices that a rule over slices compared; first the one that decided"),
  statistics: statistics.optional(),
  waiver: waiver.optional().describe("Its outcome stays as it is, and does not close the gate"),
  place: z
    .strictObject({ file: z.string(), line: z.int().positive() })
    .optional()
    .describe("The rule's place in the policy"),
});

const comparedMetric = version1.metrics.element.extend({
  n: count.optional(),
  nBaseline: count.optional(),
  stderr: z.number().nonnegative().optional(),
  stderrBaseline: z.number().nonnegative().optional(),
  unit: z.string().optional(),
  better: z.enum(["higher", "lower"]).optional().describe("By policy or dictionary; of others, for display only"),
});

/** Examples whose result is another than the baseline's. Ids only. */
const flips = z.strictObject({
  metric: z.string(),
  broken: z.array(z.string()).max(1000),
  fixed: z.array(z.string()).max(1000),
  brokenCount: count,
  fixedCount: count,
});

const labels = z.array(z.string()).max(100);
const matrix = z.array(z.array(count)).max(100);

const baseline = version1.baseline.unwrap().extend({
  kind: z
    .enum(["first-parent", "nearest-ancestor", "file", "commit", "ratchet", "environment"])
    .optional()
    .describe("By which of the policy's ways it was found"),
  distance: count.optional().describe("How many commits of the branch lie between it and the base"),
  measuredAt: utcTimestamp.optional(),
  recordDigest: digest.optional(),
  run: z.int().positive().optional(),
  dataDigest: digest.nullable().optional(),
  allowed: z.boolean().optional().describe("False: shown for information, and no rule used it"),
});

const changes = z.strictObject({
  files: z.array(z.string()).max(3000).optional(),
  params: z
    .array(z.strictObject({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() }))
    .optional(),
  data: z.boolean().nullable().optional().describe("Whether the data digest differs; null when one side has none"),
  environment: z
    .array(z.strictObject({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() }))
    .optional(),
  commitsBehind: count.optional(),
});

export const verdict2 = verdict1.extend({
  schema: z.literal(VERDICT_2),
  policy: version1.policy
    .extend({ version: z.int().positive().optional() })
    .nullable()
    .describe("Null: the trusted commit has none, nothing was judged, and the outcome is inconclusive"),
  baseline: baseline.nullable(),
  rulings: z.array(ruling2),
  metrics: z.array(comparedMetric),
  origin: origin2,
  model: z.string().optional().describe("Which model of the policy"),
  key: z.string().optional().describe("Which section of the comment it fills"),
  pullRequest: z.int().positive().optional(),
  trust: z
    .strictObject({ level: z.enum(["advisory", "enforced"]), reasons: z.array(z.string()) })
    .optional()
    .describe("Left out: advisory"),
  evidence: z.array(evidenceItem).optional().describe("Everything that was judged or compared with, by digest"),
  correction: z.strictObject({ method: z.enum(["holm", "none"]), family: count, alpha: share }).optional(),
  skipped: count.optional().describe("Values of the files that were no finite numbers and that no rule names"),
  history: z.array(metricHistory).optional().describe("With this verdict's values as the newest"),
  flips: z.array(flips).optional(),
  confusion: z.strictObject({ labels, baseline: matrix.nullable(), candidate: matrix }).optional(),
  calibration: z
    .strictObject({
      edges: z.array(share),
      candidate: z.array(z.strictObject({ n: count, mean: share.nullable(), observed: share.nullable() })),
      baseline: z.array(z.strictObject({ n: count, mean: share.nullable(), observed: share.nullable() })).optional(),
    })
    .optional(),
  changes: changes.optional(),
  problems: z
    .array(recordedProblem)
    .optional()
    .describe("Why there is no better outcome; and what was noticed about the rules"),
  rederivedFrom: digest
    .optional()
    .describe("The verdict of an untrusted run that this one replaces: judged anew from the numbers it reported"),
  proposedPolicy: z
    .strictObject({ outcome: version1.outcome, problems: z.array(recordedProblem) })
    .optional()
    .describe("What the change's own policy would say; it decides nothing"),
});

export type Verdict2 = z.infer<typeof verdict2>;
