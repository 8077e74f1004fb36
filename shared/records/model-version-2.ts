/** Model version @2: @1, and where its bytes lie, what was proven about its evidence, and what the verdict said. */
import * as z from "zod";
import { commit, digest, file, utcTimestamp } from "./fields-1.ts";
import { coveredPattern, evidenceItem, guarantee, metric2, origin2, person } from "./fields-2.ts";
import { location } from "./location.ts";
import { modelVersionRecord1 } from "./model-version-1.ts";
import { verdict1 } from "./verdict-1.ts";

export const MODEL_VERSION_2 = "mlops-actions/model-version@2";

const governanceValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** What the verdict said when the version was registered: it stays readable when the run and its artifact are gone. */
const sealedVerdict = z.strictObject({
  outcome: verdict1.shape.outcome,
  judged: commit,
  policy: z.strictObject({ path: z.string(), ref: commit, digest }),
  level: z.enum(["advisory", "enforced"]).optional(),
  waived: z.array(z.string()).optional().describe("Metrics whose broken rule was waived"),
});

export const modelVersionRecord2 = modelVersionRecord1.extend({
  schema: z.literal(MODEL_VERSION_2),
  metrics: z.array(metric2),
  governance: z.record(z.string(), governanceValue),
  origin: origin2,
  files: z.array(file).min(1).optional().describe("Every file of the model; their digest is the model digest"),
  locations: z.array(location).optional().describe("Where the bytes lie, in the order in which they are tried"),
  patterns: z.array(coveredPattern).optional(),
  line: z
    .strictObject({ name: z.string(), behind: z.string().optional().describe("The newest version of all lines") })
    .optional()
    .describe("The release line it is the newest version of"),
  branch: z.string().optional().describe("Full ref of the branch that contains the commit"),
  evidence: z.array(evidenceItem).optional().describe("Sealed: proven when the version was registered"),
  sealed: sealedVerdict.optional(),
  guarantee: guarantee.optional(),
  registeredBy: person.optional(),
  clock: z.enum(["github", "runner"]).optional(),
  metadataSchema: z.strictObject({ path: z.string(), ref: commit, digest }).optional(),
  card: file.optional(),
  attestations: z
    .array(
      z.strictObject({
        subject: digest,
        predicate: z.string().describe("Address of the predicate's type"),
        identity: z.string().describe("The workflow that signed, with its ref"),
        bundle: digest,
        verifiedAt: utcTimestamp.optional(),
      }),
    )
    .optional(),
  registry: z
    .strictObject({
      kind: z.enum(["mlflow"]),
      server: z.string(),
      name: z.string(),
      version: z.string(),
      run: z.string().optional(),
    })
    .optional()
    .describe("The same version in another registry; the git tag stays the record"),
});

export type ModelVersionRecord2 = z.infer<typeof modelVersionRecord2>;
