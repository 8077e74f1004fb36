/** Ledger entry @1: what happened to a plan. Each entry names the one before by digest. */
import * as z from "zod";
import { commit, digest, origin, utcTimestamp } from "./fields-1.ts";
import { promotionPlan1 } from "./promotion-plan-1.ts";

export const PROMOTION_RECORD_1 = "mlops-actions/promotion-record@1";

export const promotionRecord1 = z.strictObject({
  schema: z.literal(PROMOTION_RECORD_1),
  seq: z.int().positive(),
  previous: digest.nullable(),
  type: z.enum(["intent", "committed", "aborted"]),
  planDigest: digest,
  plan: promotionPlan1,
  approvals: z.array(z.strictObject({ login: z.string(), id: z.int(), comment: z.string() })),
  tag: z
    .strictObject({ name: z.string(), object: commit.describe("SHA of the annotated tag") })
    .nullable()
    .describe("The assignment tag, once it exists; null in every other entry"),
  at: utcTimestamp,
  origin,
});

export type PromotionRecord1 = z.infer<typeof promotionRecord1>;
