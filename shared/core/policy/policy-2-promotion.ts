/** Policy 2: the registry, the environments, who approves, and how a version is rolled out. */
import * as z from "zod";
import { guarantee } from "../../records/fields-2.ts";
import { duration, environmentName, fieldName, line, login, path } from "./policy-2-names.ts";

const levels = guarantee.shape;

const query = z.strictObject({
  name: line.describe("Its name in reports"),
  query: z.string().min(1).max(4000).describe("PromQL; {{version}} stands for the version that is measured"),
  min: z.number().optional().describe("Smallest value that passes"),
  max: z.number().optional().describe("Largest value that passes"),
  "max-regression": z
    .number()
    .nonnegative()
    .optional()
    .describe("How much worse than the old version in the same window"),
});

const rollout = z.strictObject({
  strategy: z.enum(["canary", "blue-green", "ab-test"]).describe("How traffic moves to the new version"),
  kind: z.enum(["istio-virtual-service", "kubernetes-service"]).describe("Kind of the manifest"),
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, "owner/name")
    .optional()
    .describe("The GitOps repository. By default this one"),
  branch: line.optional().describe("The branch that is deployed. By default the default branch"),
  manifest: path.describe("Path of the manifest"),
  by: z.enum(["push", "pull-request"]).default("pull-request").describe("How the manifest is changed"),
  steps: z.array(z.int().min(1).max(100)).min(1).describe("Shares of the traffic in percent, ending with 100"),
  window: duration.default("10m").describe("How long each step is measured"),
  "min-requests": z.int().positive().optional().describe("Fewer in the window hold the step"),
  prometheus: z
    .string()
    .regex(/^https?:\/\/[^@\s]+$/, "an address without user and password")
    .optional()
    .describe("Address of Prometheus"),
  queries: z.array(query).optional().describe("What must hold at each step"),
  alerts: z.array(line).optional().describe("Alerts that must not fire"),
  deadline: duration.default("24h").describe("After it, the version is rolled back"),
  split: z
    .strictObject({
      header: line.describe("Header with the user's id"),
      salt: line.describe("So that two tests split users independently"),
    })
    .optional()
    .describe("For an A/B test: how users are divided"),
});

export const environment2 = z.strictObject({
  name: environmentName.describe("Name of the GitHub environment; GitHub ignores case"),
  needs: z
    .array(environmentName)
    .default([])
    .describe("The environments a version must have been promoted to before: all of them"),
  approvals: z.int().min(0).max(20).describe("How many people other than the requester must approve"),
  "approved-by": z
    .enum(["environment", "review"])
    .default("environment")
    .describe("Reviewers of the GitHub environment, or reviews of a pull request"),
  approvers: z.array(login).min(1).optional().describe("For review: the people and teams whose reviews count"),
  "approval-environments": z
    .array(environmentName)
    .min(1)
    .optional()
    .describe("For more than one approval: environments whose reviewers are asked one after the other"),
  "approval-expires": duration.default("7d").describe("How long a plan may wait"),
  soak: duration.optional().describe("How long a version must have run in each environment that is needed"),
  require: z
    .array(fieldName)
    .optional()
    .describe("Governance fields a version must have here, in addition to the model's"),
  guarantee: z
    .strictObject({
      evidence: levels.evidence.describe("How well its evidence must be proven"),
      bytes: levels.bytes.describe("How well its bytes must be known"),
      pointer: levels.pointer.describe("How safely the registry's pointer must be moved"),
    })
    .optional()
    .describe("Weakest levels that may be promoted here"),
  alias: line.optional().describe("For another registry: the alias that names the current version"),
  rollout: rollout.optional().describe("How traffic moves to the new version"),
});

export const registry2 = z.strictObject({
  kind: z.enum(["git", "mlflow"]).default("git").describe("Where versions are listed; the ledger is always in git"),
  server: z
    .string()
    .regex(/^https?:\/\/[^@\s]+$/, "an address without user and password")
    .optional()
    .describe("For mlflow: address of the tracking server"),
  name: line.optional().describe("The model's name there. By default the same"),
});

export type Environment2 = z.infer<typeof environment2>;
export type Registry2 = z.infer<typeof registry2>;
export type Rollout = z.infer<typeof rollout>;
