/** Promotion plan @1: what an approver approves. */
import * as z from "zod";
import { commit, digest, finite, origin, utcTimestamp } from "./fields-1.ts";

export const PROMOTION_PLAN_1 = "mlops-actions/promotion-plan@1";

const version = z.strictObject({
  version: z.string().describe("Semantic version, for example v1.2.0"),
  commit,
  modelDigest: digest,
});

/** What an approver approves. Its digest is `sha256` over its canonical JSON. */
export const promotionPlan1 = z.strictObject({
  schema: z.literal(PROMOTION_PLAN_1),
  kind: z.enum(["promote", "roll-back"]),
  model: z.string(),
  target: version,
  from: z.string().nullable().describe("The environment it must have been promoted to before; null for the first"),
  to: z.string().describe("The environment"),
  /** The environment's current version; the plan is stale when it has changed. */
  replaces: version.nullable(),
  assignment: z.int().positive().describe("Number of the assignment: the tag will be `<model>#<environment>#<number>`"),
  approvals: z.int().nonnegative().describe("How many people other than the requester must approve"),
  challenge: z.boolean().describe("Whether an approval counts only with the plan's first 8 digits in its comment"),
  evidence: z.array(z.strictObject({ kind: z.string(), digest })),
  metrics: z
    .array(
      z.strictObject({
        name: z.string(),
        slice: z.string().nullable(),
        candidate: finite.nullable().describe("Of the target"),
        baseline: finite.nullable().describe("Of what it replaces"),
      }),
    )
    .describe("What both versions measured when they were trained"),
  policy: z.strictObject({ ref: commit, digest }),
  reason: z.string(),
  requestedBy: z.strictObject({ login: z.string(), id: z.int() }),
  createdAt: utcTimestamp,
  expiresAt: utcTimestamp,
  origin,
});

export type PromotionPlan1 = z.infer<typeof promotionPlan1>;
