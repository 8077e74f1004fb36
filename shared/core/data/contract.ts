/** The data contract, as written in YAML. The schema is the source of types, messages, editor help and docs. */
import * as z from "zod";

const bound = z.union([z.number(), z.string().min(1)]);

const column = z.strictObject({
  name: z.string().min(1).describe("Exactly as in the header"),
  type: z
    .enum(["integer", "number", "string", "boolean", "date", "timestamp"])
    .describe("How each cell must be written; nothing is converted"),
  required: z.boolean().default(true).describe("Whether files must have the column"),
  nullable: z.boolean().default(false).describe("Whether cells may be null: one of csv.null-values"),
  min: bound.optional().describe("Smallest value; compared exactly. Quote dates and very long numbers"),
  max: bound.optional().describe("Largest value; compared exactly. Quote dates and very long numbers"),
  enum: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(1)
    .optional()
    .describe("The only allowed values"),
  pattern: z.string().optional().describe("Regular expression that the whole cell must match"),
  unique: z.boolean().default(false).describe("Whether no value may appear in two rows of a file"),
  "min-length": z.int().nonnegative().optional().describe("Minimum number of characters"),
  "max-length": z.int().nonnegative().optional().describe("Maximum number of characters"),
  "max-decimals": z.int().nonnegative().optional().describe("Maximum number of digits after the decimal point"),
  offset: z.enum(["none", "required"]).default("none").describe("Whether timestamps have Z or an offset like +01:00"),
});

export const contract = z.strictObject({
  version: z.literal(1).describe("Version of this format"),
  csv: z
    .strictObject({
      delimiter: z.string().length(1).default(",").describe('One character; "\\t" for a tab'),
      header: z.boolean().default(true).describe("Whether the first line names the columns"),
      "null-values": z.array(z.string()).default([""]).describe("Unquoted cells that mean no value"),
    })
    .prefault({})
    .describe("How the files are written. UTF-8, quoted with double quotes; never guessed"),
  rows: z
    .strictObject({
      min: z.int().nonnegative().default(1).describe("Minimum number of rows"),
      max: z.int().nonnegative().optional().describe("Maximum number of rows"),
    })
    .prefault({})
    .describe("How many rows each file may have, without the header; a file without rows needs min: 0"),
  "unexpected-columns": z
    .enum(["fail", "allow"])
    .default("fail")
    .describe("What happens when a file has columns that are not listed here"),
  columns: z.array(column).min(1).max(10_000).describe("The columns of the files, and what their cells must satisfy"),
});

export type Contract = z.infer<typeof contract>;
export type ColumnContract = z.infer<typeof column>;
export type ColumnType = ColumnContract["type"];
