/** Promotion plan @2: @1, and several prerequisites, reviews of pull requests, release lines, soak and rollout. */
import * as z from "zod";
import { digest, utcTimestamp } from "./fields-1.ts";
import { clock, evidenceItem, guarantee, origin2, person, recordedProblem } from "./fields-2.ts";
import { location } from "./location.ts";
import { promotionPlan1 } from "./promotion-plan-1.ts";
import { verdict1 } from "./verdict-1.ts";
import { ruling2 } from "./verdict-2.ts";

export const PROMOTION_PLAN_2 = "mlops-actions/promotion-plan@2";

const version1 = promotionPlan1.shape;

/** The state of one environment, as a checkpoint of the ledger states it. */
export const environmentState = z.strictObject({
  name: z.string().min(1),
  deployed: z
    .array(z.strictObject({ version: version1.target, planDigest: digest }))
    .describe("Oldest first; the last one is the current version"),
  lastAssignment: z.int().nonnegative(),
  tags: z.array(z.strictObject({ name: z.string(), object: z.string() })),
});

const rollout = z.strictObject({
  strategy: z.enum(["canary", "blue-green", "ab-test"]),
  steps: z.array(z.int().min(1).max(100)).min(1).describe("Shares of the traffic in percent"),
  manifest: z.strictObject({ repository: z.string(), branch: z.string(), path: z.string() }),
  analysis: digest.describe("Over the policy's queries, alerts, windows and limits"),
  deadline: utcTimestamp.optional(),
});

export const promotionPlan2 = promotionPlan1.omit({ from: true }).extend({
  schema: z.literal(PROMOTION_PLAN_2),
  needs: z.array(z.string()).describe("The environments it must have been promoted to before: all of them"),
  evidence: z.array(z.union([evidenceItem, version1.evidence.element])),
  metrics: z.array(
    version1.metrics.element.extend({
      missing: z.string().optional().describe("Why a value is not known, for example that the tag was deleted"),
    }),
  ),
  origin: origin2,
  approvalBy: z.enum(["environment", "review"]).optional().describe("Left out: environment"),
  approvers: z
    .array(z.strictObject({ kind: z.enum(["user", "team"]), name: z.string() }))
    .optional()
    .describe("Who may approve by review, as the policy lists them"),
  approvalEnvironments: z.array(z.string()).optional().describe("Whose reviewers are counted together"),
  excluded: z.array(person).optional().describe("Whose approval does not count, beside the requester"),
  pullRequest: z
    .strictObject({ number: z.int().positive(), path: z.string() })
    .optional()
    .describe("The change that asks for it, when approval is by review"),
  clock: clock.optional().describe("Of createdAt and expiresAt"),
  line: z.strictObject({ name: z.string(), behind: z.string().optional() }).optional(),
  branch: z.string().optional().describe("Full ref of the branch that contains the target's commit"),
  guarantee: guarantee.optional(),
  locations: z.array(location).optional().describe("Where the bytes are fetched from and compared"),
  governance: z.record(z.string(), z.string()).optional().describe("As the approver reads it"),
  today: z
    .strictObject({ outcome: verdict1.shape.outcome, rulings: z.array(ruling2) })
    .optional()
    .describe("The stored metrics judged by today's policy"),
  soak: z
    .array(z.strictObject({ environment: z.string(), since: utcTimestamp, until: utcTimestamp }))
    .optional()
    .describe("How long it must have run in the environments before"),
  rollout: rollout.optional(),
  pointer: z
    .strictObject({
      registry: z.enum(["mlflow"]),
      name: z.string(),
      alias: z.string(),
      expected: z.string().nullable(),
    })
    .optional()
    .describe("What is moved in another registry, and what it must point to before"),
  rollBackTo: version1.target.nullable().optional().describe("Where a roll back would lead"),
  warnings: z.array(recordedProblem).optional().describe("What an approver should know"),
});

export type PromotionPlan2 = z.infer<typeof promotionPlan2>;
