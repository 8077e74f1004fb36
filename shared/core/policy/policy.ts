/** `.github/mlops.yml`: one policy for all actions. The schema is the source of types, messages, editor help and docs. */
import * as z from "zod";

const metricName = z.string().min(1);

const rule = z.strictObject({
  min: z.number().optional().describe("Floor: the gate closes below it"),
  max: z.number().optional().describe("Ceiling: the gate closes above it"),
  "max-regression": z
    .union([z.number().nonnegative(), z.string().regex(/^\d+(?:\.\d+)?%$/)])
    .optional()
    .describe("How much worse than the baseline it may be: an amount, or a share of the baseline such as 2%"),
});

export const gate = rule
  .extend({
    metric: metricName,
    better: z.enum(["higher", "lower"]).describe("Which direction is an improvement"),
    slices: z
      .record(z.string().min(1), rule)
      .optional()
      .describe("Rules for single slices, beside the rule for the whole"),
  })
  .describe("One metric and what it must hold");

export const environment = z.strictObject({
  name: z.string().min(1),
  needs: z.string().optional().describe("The environment a version must stand in, or have stood in, before"),
  approvals: z.int().min(0).max(6).default(0).describe("How many people other than the requester must approve"),
});

export const policy = z.strictObject({
  version: z.literal(1),
  data: z
    .strictObject({
      contract: z.string().describe("Path of the data contract"),
      files: z.array(z.string()).min(1).describe("Paths or globs of the data files"),
    })
    .optional(),
  gates: z.array(gate).default([]),
  model: z
    .strictObject({
      name: z.string().regex(/^[a-z][a-z0-9-]*$/),
      files: z.array(z.string()).min(1).describe("Paths or globs of the model's files"),
      require: z
        .array(z.string())
        .default(["owner", "purpose", "data_sources", "approval_date"])
        .describe("Governance fields a version must carry"),
      owner: z.string().optional(),
      purpose: z.string().optional(),
      data_sources: z.string().optional(),
    })
    .optional(),
  environments: z.array(environment).default([]),
});

export type Policy = z.infer<typeof policy>;
export type Gate = z.infer<typeof gate>;
export type Rule = z.infer<typeof rule>;
export type EnvironmentPolicy = z.infer<typeof environment>;
