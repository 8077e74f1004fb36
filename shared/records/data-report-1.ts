/** Data report @1: what check-data found in which files, by which contract, with what outcome. Contains no cell values. */
import * as z from "zod";
import { commit, digest, file, origin } from "./fields-1.ts";

export const DATA_REPORT_1 = "mlops-actions/data-report@1";

const finding = z.strictObject({
  check: z.string().describe("Stable code of the check, for example `range`"),
  file: z.string(),
  column: z.string().nullable().describe("Null for findings about the file as a whole"),
  line: z.int().positive().nullable().describe("First physical line it was found on, from 1"),
  count: z.int().positive().describe("How often it was found"),
  message: z.string().describe("What is wrong, without the value itself"),
});

export const dataReport1 = z.strictObject({
  schema: z.literal(DATA_REPORT_1),
  outcome: z.enum(["pass", "fail"]),
  files: z.array(file.extend({ rows: z.int().nonnegative() })).min(1),
  dataDigest: digest.describe("Over paths, sizes and digests of all files"),
  contract: z.strictObject({
    path: z.string(),
    ref: commit.describe("The trusted commit it was read from"),
    digest,
  }),
  checks: z.int().nonnegative().describe("How many checks ran"),
  findings: z.array(finding),
  notes: z.array(z.string()).describe("What a reviewer should know, for example that the change edits the contract"),
  origin,
});

export type DataReport1 = z.infer<typeof dataReport1>;
