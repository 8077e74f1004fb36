/** Version 1 of `.github/mlops.yml`: repositories whose workflows also run releases 1.x write it. It never changes. */
import * as z from "zod";

// No control characters, and short enough for a table in a comment.
const name = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, "text of 1 to 200 characters on one line");
const line = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,1000}$/u, "text of 1 to 1000 characters on one line");
const path = z
  .string()
  .regex(
    /^(?![/\\]|[A-Za-z]:)(?!.*\\)(?!(?:.*\/)?\.\.(?:\/|$))[^\p{Cc}]+$/u,
    'a path from the repository\'s root, without "..", a leading / or a backslash',
  );
const word = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, "lower-case letters, digits and -, starting with a letter");

const AMOUNT_OR_SHARE = "an amount such as 0.02, or a share of the baseline such as 2%";

const rule = z.strictObject({
  min: z.number().optional().describe("Smallest value that passes"),
  max: z.number().optional().describe("Largest value that passes"),
  "max-regression": z
    .union([z.number().nonnegative(), z.string().regex(/^\d{1,9}(?:\.\d{1,9})?%$/, AMOUNT_OR_SHARE)], AMOUNT_OR_SHARE)
    .optional()
    .describe("How much worse than the baseline it may be: an amount such as 0.02, or a share such as 2%"),
});

const gate = z
  .strictObject({
    metric: name.describe("Name of the metric, as the training writes it"),
    better: z.enum(["higher", "lower"]).describe("Which direction is an improvement"),
    ...rule.shape,
    slices: z.record(name, rule).optional().describe("Rules for single slices, in addition to the rules for all data"),
  })
  .describe("One metric and its rules");

const environment = z.strictObject({
  name: word.describe("Name of the GitHub environment; GitHub ignores case"),
  needs: word.optional().describe("The environment a version must have been promoted to before"),
  approvals: z.int().min(0).max(6).default(0).describe("How many people other than the requester must approve"),
});

export const policy1 = z.strictObject({
  version: z.literal(1).describe("Version of this format"),
  data: z
    .strictObject({
      contract: path.describe("Path of the data contract"),
      files: z.array(path).min(1).describe("Paths or globs of the data files"),
    })
    .optional()
    .describe("What check-data checks"),
  gates: z.array(gate).default([]).describe("What gate-metrics judges"),
  model: z
    .strictObject({
      name: word.describe("Name of the model; its tags start with it"),
      files: z.array(path).min(1).describe("Paths or globs of the model's files"),
      require: z
        .array(z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, "lower-case letters, digits and _, starting with a letter"))
        .default(["owner", "purpose", "data_sources", "approval_date"])
        .describe("Governance fields a version must have"),
      owner: line.optional().describe("Who is responsible for the model"),
      purpose: line.optional().describe("What the model is for"),
      data_sources: line.optional().describe("Which data it was trained on"),
    })
    .optional()
    .describe("What register-model registers"),
  environments: z.array(environment).default([]).describe("Where promote-model promotes to, and in which order"),
});

export type Policy1File = z.infer<typeof policy1>;
