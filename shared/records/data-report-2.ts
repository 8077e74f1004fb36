/** Data report @2: @1, and all bad lines as ranges, several contracts, dialects, drift, and what was not checked. */
import * as z from "zod";
import { dataReport1 } from "./data-report-1.ts";
import { commit, digest, finite } from "./fields-1.ts";
import { coveredPattern, origin2, recordedProblem, runProof } from "./fields-2.ts";

export const DATA_REPORT_2 = "mlops-actions/data-report@2";

const version1 = dataReport1.shape;
const line = z.int().positive();
const severity = z.enum(["fail", "warn"]);

const contract = version1.contract.extend({
  name: z.string().optional().describe("The policy's name for the set of files it applies to"),
  language: z
    .enum(["mlops-actions", "odcs", "json-schema", "table-schema"])
    .optional()
    .describe("Left out: this suite's own"),
  version: z.string().optional().describe("Version of the contract or its language, as it says"),
});

const dialect = z.strictObject({
  preset: z.string().optional(),
  delimiter: z.string().optional(),
  quote: z.string().nullable().optional(),
  escape: z.string().optional(),
  encoding: z.string().optional(),
  decimalMark: z.string().optional(),
});

const dataFile = version1.files.element.extend({
  contract: z.string().optional().describe("Path of its contract, when there are several"),
  format: z.string().optional().describe("For example `csv`, `ndjson`, `parquet`, `arrow`"),
  compression: z.string().optional(),
  dialect: dialect.optional(),
  validRows: z.int().nonnegative().optional(),
  invalidRows: z.int().nonnegative().optional(),
  unchanged: runProof
    .optional()
    .describe("The run on the default branch that read these bytes by this contract: not read again"),
});

const finding = version1.findings.element.extend({
  severity: severity.optional().describe("Left out: fail"),
  lines: z
    .array(z.tuple([line, line]))
    .optional()
    .describe("All lines it was found on, as ranges from and to"),
  linesTruncated: z.boolean().optional(),
  share: z.number().min(0).max(1).optional().describe("Of all rows that were checked"),
  known: z.boolean().optional().describe("Whether the base commit's data have it too"),
  rule: z
    .strictObject({ file: z.string(), line, column: line })
    .optional()
    .describe("Place of the broken rule in its contract"),
  tool: z.string().optional().describe("The tool whose result it is, for example `great-expectations`"),
});

const histogram = z.strictObject({
  file: z.string(),
  column: z.string(),
  edges: z.array(finite).describe("Borders of the bins; empty for a column that is not numeric"),
  counts: z.array(z.int().nonnegative()),
  base: z.array(z.int().nonnegative()).optional().describe("The same bins over the base commit's data"),
});

const drift = z.strictObject({
  column: z.string(),
  test: z.enum(["psi", "ks", "chi-square", "jensen-shannon"]),
  value: finite.describe("How far it moved, from 0; of `chi-square` it is Cramér's V"),
  threshold: finite,
  p: z.number().min(0).max(1).optional(),
  outcome: z.enum(["pass", "fail", "inconclusive"]),
  severity: severity.optional(),
  set: z.string().optional().describe("The policy's name for the set of files"),
  reason: z.string().optional().describe("Why it is inconclusive; `value` is 0 then"),
});

const leakage = z.strictObject({
  keys: z.array(z.string()).min(1),
  between: z.tuple([z.string(), z.string()]).describe("Names of the two sets of files"),
  shared: z.int().nonnegative().describe("How many keys both have"),
  allowed: z.int().nonnegative(),
  outcome: z.enum(["pass", "fail"]),
  severity: severity.optional().describe("Left out: fail"),
});

const keyedSet = z.strictObject({ set: z.string(), keys: z.array(z.string()).min(1) });

const reference = z.strictObject({
  from: keyedSet,
  to: keyedSet,
  missing: z.int().nonnegative().describe("Different values of `from` that `to` lacks"),
  allowed: z.int().nonnegative(),
  outcome: z.enum(["pass", "fail"]),
  severity: severity.optional().describe("Left out: fail"),
});

const uniqueAcross = z.strictObject({
  keys: z.array(z.string()).min(1),
  set: z.string().optional(),
  repeated: z.int().nonnegative().describe("Rows with values that an earlier row of any of the files has"),
  outcome: z.enum(["pass", "fail"]),
  severity: severity.optional().describe("Left out: fail"),
});

export const dataReport2 = dataReport1.omit({ contract: true }).extend({
  schema: z.literal(DATA_REPORT_2),
  outcome: z
    .enum(["pass", "fail", "error"])
    .describe("Error: the data could not be judged, for example beyond a limit; it never counts as pass"),
  files: z.array(dataFile).min(1),
  contracts: z.array(contract).min(1),
  findings: z.array(finding),
  origin: origin2,
  model: z.string().optional().describe("Which model of the policy"),
  patterns: z.array(coveredPattern).optional(),
  problems: z.array(recordedProblem).optional(),
  skipped: z
    .array(z.strictObject({ check: z.string(), column: z.string().nullable(), reason: z.string() }))
    .optional()
    .describe("What a contract asks and this check does not do: never counted as passed"),
  base: z
    .strictObject({ commit, dataDigest: digest })
    .optional()
    .describe("The data that findings and distributions were compared with"),
  drift: z.array(drift).optional(),
  leakage: z.array(leakage).optional(),
  references: z.array(reference).optional().describe("What one set refers to in another"),
  uniqueAcross: z.array(uniqueAcross).optional().describe("What all files of a set together have once"),
  histograms: z.array(histogram).optional(),
  engine: z.strictObject({ name: z.string(), version: z.string() }).optional().describe("Left out: this suite's own"),
  written: z
    .array(
      z.strictObject({ use: z.enum(["findings", "valid", "invalid", "junit", "sarif"]), path: z.string(), digest }),
    )
    .optional(),
});

export type DataReport2 = z.infer<typeof dataReport2>;
