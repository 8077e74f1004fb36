/** Version 2 of `.github/mlops.yml`, whole: also keys whose capability a later release brings (`not-supported-yet.ts`). */
import * as z from "zod";
import { baselineSource, gate2, statistics2, waiver2 } from "./policy-2-gates.ts";
import { branchPattern, duration, fieldName, line, modelName, path } from "./policy-2-names.ts";
import { environment2, registry2 } from "./policy-2-promotion.ts";
import { data2, train2 } from "./policy-2-train.ts";

/** What holds for one model. A model that does not write one of these keys has the whole key of the top level. */
const rules = {
  data: data2.optional().describe("What check-data checks"),
  train: train2.optional().describe("When trainings start, what they may use, and when they are skipped or resumed"),
  gates: z.array(gate2).optional().describe("What gate-metrics judges"),
  statistics: statistics2
    .optional()
    .describe("By which evidence a change is told from noise. Left out: the two values alone are compared"),
  baseline: z
    .array(baselineSource)
    .min(1)
    .optional()
    .describe("What it is compared with: the first that is found. By default the base commit's record"),
  waivers: z.array(waiver2).optional().describe("Rules that do not close the gate for a time"),
  environments: z.array(environment2).optional().describe("Where promote-model promotes to, and in which order"),
  registry: registry2.optional().describe("Where versions are listed besides git"),
};

const modelFields = {
  files: z.array(path).min(1).describe("Paths or globs of the model's files"),
  require: z
    .array(fieldName)
    .default(["owner", "purpose", "data_sources", "approval_date"])
    .describe("Governance fields a version must have"),
  "metadata-schema": path.optional().describe("Path of a JSON Schema that the governance fields must satisfy"),
  owner: line.optional().describe("Who is responsible for the model"),
  purpose: line.optional().describe("What the model is for"),
  data_sources: line.optional().describe("Which data it was trained on"),
  "release-lines": z
    .enum(["none", "major", "minor"])
    .default("major")
    .describe(
      "Within which numbers a version must be greater than the one before, so that an older line can get a fix",
    ),
  "bytes-kept": duration.optional().describe("How long the bytes must stay where they are after registration"),
};

const trust = z.strictObject({
  level: z
    .enum(["advisory", "enforced"])
    .default("advisory")
    .describe("Enforced: gates refuse runs in which training and judging share a job"),
  "release-branches": z
    .array(branchPattern)
    .default([])
    .describe("Branches beside the default branch whose commits may be registered and promoted"),
  "evidence-workflows": z
    .array(path)
    .optional()
    .describe("Workflow files whose runs may supply evidence. By default any on a trusted branch"),
  "evidence-events": z
    .array(z.enum(["push", "schedule", "workflow_dispatch", "repository_dispatch"]))
    .default(["push", "schedule", "workflow_dispatch"])
    .describe("Events whose runs may supply evidence"),
  "metric-sources": z
    .array(z.enum(["training-record", "metrics-file", "committed-file"]))
    .default(["training-record", "metrics-file", "committed-file"])
    .describe(
      "Where judged numbers may come from: a record, a file of the run, a file that the change itself contains",
    ),
  "waiver-max": duration.optional().describe("Longest time a waiver may have"),
  hosts: z
    .array(z.string().regex(/^https:\/\/[^/@\s]+$/, "an origin such as https://mlflow.example.com"))
    .default([])
    .describe("Servers that may be sent a token of the user"),
  attestations: z
    .strictObject({
      required: z.boolean().default(false).describe("Whether a version without a verified signature is refused"),
      workflows: z.array(path).min(1).describe("Workflow files whose signature counts"),
    })
    .optional()
    .describe("Signed provenance"),
});

export const policy2 = z.strictObject({
  version: z.literal(2).describe("Version of this format, and of the records that are written"),
  model: z
    .strictObject({ name: modelName.describe("Name of the model; its tags start with it"), ...modelFields })
    .optional()
    .describe("The repository's one model; for several, write models"),
  models: z
    .record(modelName, z.strictObject({ ...modelFields, ...rules }))
    .optional()
    .describe(
      "Several models by name, each with its own ledger. A key that one does not write is taken from the top level",
    ),
  ...rules,
  trust: trust.prefault({}).describe("What counts as evidence, and how far"),
});

export type Policy2File = z.infer<typeof policy2>;
