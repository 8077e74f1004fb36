/** The data contract, as written in YAML. The schema is the source of types, messages, editor help and docs. */
import * as z from "zod";
import { csvSettings, formats, spellingKeys } from "./dialect.ts";
import { PERSONAL_DATA } from "./personal-data.ts";

const bound = z.union([z.number(), z.string().min(1)]);

const personalData = z.array(z.enum(PERSONAL_DATA)).min(1);
const share = z.number().gt(0).max(1);

const tolerance = {
  severity: z
    .enum(["fail", "warn"])
    .default("fail")
    .describe("Whether what breaks it fails the check or is only shown"),
  mostly: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe("Share of the rows that must satisfy it: with 0.99, one row of a hundred may break it"),
  description: z.string().optional().describe("What it is for; shown beside what breaks it"),
};

const rule = z.strictObject({
  check: z
    .string()
    .min(1)
    .describe("What every row must satisfy, like `start <= end` or `if plan = 'free' then fee = 0`"),
  ...tolerance,
});

const column = z.strictObject({
  name: z.string().describe('Exactly as in the header; `""` for a column without a name'),
  type: z
    .enum(["integer", "number", "string", "boolean", "date", "timestamp"])
    .describe("How each cell must be written; nothing is converted"),
  required: z.boolean().default(true).describe("Whether files must have the column"),
  nullable: z.boolean().default(false).describe("Whether cells may be null: one of csv.null-values"),
  "max-null-share": z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("Largest share of rows in which it may be null; allows nulls up to there"),
  min: bound.optional().describe("Smallest value; compared exactly. Quote dates and very long numbers"),
  max: bound.optional().describe("Largest value; compared exactly. Quote dates and very long numbers"),
  above: bound.optional().describe("What every value must be above"),
  below: bound.optional().describe("What every value must be below"),
  enum: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(1)
    .optional()
    .describe("The only allowed values"),
  pattern: z.string().optional().describe("Regular expression that the whole cell must match"),
  "pattern-anywhere": z.string().optional().describe("Regular expression that a part of the cell must match"),
  unique: z.boolean().default(false).describe("Whether no value may appear in two rows of a file"),
  forbid: personalData.optional().describe("Kinds of personal data that no cell may contain"),
  "max-age": z
    .string()
    .regex(/^[1-9]\d{0,4}(?:m|h|d)$/, "a time such as 30m, 48h or 7d")
    .optional()
    .describe("How old the newest value of a file may be. Without an offset it is UTC; a date is as old as its end"),
  "min-share": share
    .optional()
    .describe("Smallest share of the rows that each value has: of enum, or of those that occur"),
  "max-share": share.optional().describe("Largest share of the rows that any value has"),
  "min-length": z.int().nonnegative().optional().describe("Minimum number of characters"),
  "max-length": z.int().nonnegative().optional().describe("Maximum number of characters"),
  "max-decimals": z.int().nonnegative().optional().describe("Maximum number of digits after the decimal point"),
  offset: z
    .enum(["none", "required"])
    .optional()
    .describe("Whether timestamps have Z or an offset like +01:00. Default: none, or as the format has it"),
  format: formats
    .optional()
    .describe(
      "Form of dates and timestamps, instead of that of csv: `iso`, or like `%d.%m.%Y`; of texts: `email`, `uuid`, `uri`, `ipv4` or `ipv6`",
    ),
  ...tolerance,
  ...spellingKeys,
});

export const contract = z.strictObject({
  version: z.literal(1).describe("Version of this format"),
  format: z.enum(["csv", "ndjson", "parquet"]).optional().describe("Format of the files. Default: by their content"),
  csv: csvSettings
    .prefault({})
    .describe("How the files are written: by a preset, by single settings, or in the strict form; never guessed"),
  rows: z
    .strictObject({
      min: z.int().nonnegative().default(1).describe("Minimum number of rows"),
      max: z.int().nonnegative().optional().describe("Maximum number of rows"),
    })
    .prefault({})
    .describe("How many rows each file may have, without the header; a file without rows needs min: 0"),
  limits: z
    .strictObject({
      "row-length": z.int().positive().default(8_388_608).describe("Characters of a row"),
      columns: z.int().positive().default(16_384).describe("Columns of a file"),
      "unique-values": z.int().positive().default(40_000_000).describe("Values of a column that is unique"),
      "unpack-ratio": z.int().positive().default(200).describe("Times that a packed file may grow when it is unpacked"),
    })
    .prefault({})
    .describe("What a file may need of the runner. Beyond them it is not judged: the outcome is error, never pass"),
  "unexpected-columns": z
    .enum(["fail", "allow"])
    .default("fail")
    .describe("What happens when a file has columns that are not listed here"),
  forbid: personalData
    .optional()
    .describe(
      "Kinds of personal data that no column of text or whole numbers may contain, unless it has its own forbid",
    ),
  rules: z
    .array(z.union([z.string().min(1), rule]))
    .default([])
    .describe("What the cells of each row must be to each other"),
  unique: z
    .array(z.array(z.string()).min(2))
    .default([])
    .describe("Columns whose values together occur in only one row of a file"),
  columns: z.array(column).min(1).max(10_000).describe("The columns of the files, and what their cells must satisfy"),
});

export type Contract = z.infer<typeof contract>;
export type ColumnContract = z.infer<typeof column>;
export type RuleContract = z.infer<typeof rule>;
export type Tolerance = Pick<ColumnContract, "severity" | "mostly">;
export type ColumnType = ColumnContract["type"];
export type DataFormat = NonNullable<Contract["format"]>;
export type LimitName = keyof Contract["limits"];
