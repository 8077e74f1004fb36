/** The fields that records @2 have in common. What version 1 has stays as it is; what is new is left out when unknown. */
import * as z from "zod";
import { commit, digest, file, finite, metric, origin, utcTimestamp } from "./fields-1.ts";

/** How many earlier values of a metric a record carries, so that one download tells how much it varies. */
const MAX_HISTORY = 50;

const count = z.int().nonnegative();
const id = z.int().positive();

/** Somebody with an account: the login is for people, the id cannot be taken over by another account. */
export const person = z.strictObject({ login: z.string().min(1), id: z.int() });

/** The workflow run that wrote a record, as far as GitHub tells its job. */
export const origin2 = origin.extend({
  server: z.string().optional().describe("Host of the GitHub that ran it, for example `github.com`"),
  repositoryId: id.optional(),
  headRepository: z
    .string()
    .optional()
    .describe("Where the judged code comes from: a fork's name for its pull request"),
  event: z.string().optional().describe("Name of the event that started the run"),
  ref: z.string().optional().describe("Full ref of the run, for example `refs/heads/main`"),
  sha: commit.optional().describe("The run's own commit, which need not be the one that was trained"),
  pullRequest: id.optional(),
  workflowSha: commit.optional().describe("The commit the workflow file was read from"),
  runNumber: id.optional().describe("Counts the runs of one workflow: of two, the newer one has the greater number"),
  job: z.string().optional(),
  triggeringActor: z.string().optional().describe("Who started this attempt"),
  runner: z.enum(["github-hosted", "self-hosted"]).optional(),
  release: z.string().optional().describe("The release of mlops-actions that wrote the record"),
});

/** A run and an artifact as GitHub's API shows them, at the time it was asked. */
export const runProof = z.strictObject({
  repository: z.string(),
  run: id,
  attempt: id,
  event: z.string(),
  branch: z.string(),
  headCommit: commit,
  workflow: z.string().describe("Path of the workflow file"),
  conclusion: z.string().nullable(),
  artifact: z.strictObject({ id, name: z.string(), digest: digest.optional() }).optional(),
  at: utcTimestamp.describe("When GitHub was asked, by GitHub's clock"),
});

/** One measurement of a metric that was measured several times: by seed, fold or repeated trial. */
const repeat = z.strictObject({
  value: finite,
  seed: z.int().optional(),
  fold: count.optional(),
  n: count.optional(),
});

export const metric2 = metric.extend({
  n: count.optional().describe("How many examples it was measured on"),
  stderr: z.number().nonnegative().optional().describe("Standard error of the value"),
  unit: z.string().max(40).optional().describe("As it was written, for example `ms` or `%`"),
  step: count.optional().describe("Step or epoch it was measured at"),
  seed: z.int().optional(),
  better: z.enum(["higher", "lower"]).optional().describe("As the file says: for display, never for a decision"),
  repeats: z.array(repeat).optional().describe("The single measurements whose mean the value is"),
  source: z.string().optional().describe("Path of the file it was read from"),
});

/** The last values of one metric on the default branch, oldest first. */
export const metricHistory = z.strictObject({
  name: z.string().min(1),
  slice: z.string().min(1).nullable(),
  values: z
    .array(
      z.strictObject({
        commit,
        value: finite,
        n: count.optional(),
        stderr: z.number().nonnegative().optional(),
        at: utcTimestamp.optional(),
      }),
    )
    .max(MAX_HISTORY),
});

/** What went wrong or deserves attention, as it was said in the log. It contains no values of data. */
export const recordedProblem = z.strictObject({
  code: z.string().min(1),
  message: z.string(),
  severity: z.enum(["error", "warning"]),
  place: z.strictObject({ file: z.string(), line: id.optional(), column: id.optional() }).optional(),
  fix: z.string().optional(),
});

/** How much one pattern of an input or of the policy covered. */
export const coveredPattern = z.strictObject({
  use: z.string().describe("What the files are, for example `metrics`, `model` or `data`"),
  pattern: z.string(),
  files: count,
  bytes: count,
});

/**
 * What may be relied on. Each list is ordered from the strongest to the weakest level; a missing key is the weakest.
 * A later action may lower a level and never raise one without new proof.
 */
export const guarantee = z.strictObject({
  evidence: z
    .enum(["attested", "proven", "recorded", "claimed"])
    .optional()
    .describe(
      "Attested: a signature of a pinned workflow was verified. Proven: GitHub's API showed run, branch, workflow and artifact. Recorded: it was proven once, and the run cannot be shown any more. Claimed: only the record itself says so",
    ),
  bytes: z
    .enum(["immutable", "verified", "listed", "unknown"])
    .optional()
    .describe(
      "Immutable: the store names content by its digest. Verified: every digest was compared at the time of the record. Listed: places and digests are known and were not compared. Unknown: no place is known",
    ),
  pointer: z
    .enum(["compare-and-swap", "single-writer", "detect-only", "none"])
    .optional()
    .describe(
      "How the registry's pointer is moved. Compare-and-swap: of two writers one fails. Single-writer: only our account may write. Detect-only: a foreign write is seen afterwards. None: it is not seen",
    ),
});

/** Facts of evidence that a record seals: which file or record, and by which run it was proven. */
export const evidenceItem = z.strictObject({
  kind: z.enum([
    "training-record",
    "verdict",
    "data-report",
    "model-version",
    "metrics-file",
    "predictions",
    "history",
    "model-card",
    "data",
    "attestation",
  ]),
  digest: digest.describe("Of a record: over its canonical JSON as written. Of a file: over its bytes"),
  path: z.string().optional(),
  bytes: count.optional(),
  committed: z.boolean().optional().describe("Whether the judged commit contains the file: then its author wrote it"),
  proof: runProof.optional(),
});

/** The clock a time was taken from: GitHub's `Date` header, or the machine's own. */
export const clock = z.enum(["github", "runner"]);

/** A file of a model or of data, with what else its store says about it. */
export const storedFile = file.extend({
  md5: z
    .string()
    .regex(/^[0-9a-f]{32}$/, "32 hex digits")
    .optional()
    .describe("Where a store names content by it, as DVC does"),
});
