/** Repair plan @2: a ledger that cannot be read on is continued, for one environment, from a state that people approve. */
import * as z from "zod";
import { digest } from "./fields-1.ts";
import { environmentState, promotionPlan2 } from "./promotion-plan-2.ts";

const {
  schema,
  model,
  to,
  approvals,
  approvalBy,
  approvers,
  approvalEnvironments,
  challenge,
  policy,
  reason,
  requestedBy,
  createdAt,
  expiresAt,
  origin,
  warnings,
} = promotionPlan2.shape;

export const repairPlan2 = z.strictObject({
  schema,
  kind: z.literal("repair"),
  ...{
    model,
    to,
    approvals,
    approvalBy,
    approvers,
    approvalEnvironments,
    challenge,
    policy,
    reason,
    requestedBy,
    createdAt,
    expiresAt,
    origin,
  },
  repair: z.strictObject({
    problem: z.string().describe("What is broken, as its readers say it"),
    lastValid: z.strictObject({ seq: z.int().nonnegative(), digest: digest.nullable() }),
    refusedLines: z.int().nonnegative().describe("How many lines after it are left where they are and have no effect"),
    refusedDigest: digest.describe("Over the text of these lines"),
    state: environmentState.describe("From which the environment goes on"),
  }),
  warnings,
});

export type RepairPlan2 = z.infer<typeof repairPlan2>;
