/** Ledger entry @2: what happened to a plan. A line has the version of its plan, so that digests stay those of the text. */
import * as z from "zod";
import { commit, digest, finite, utcTimestamp } from "./fields-1.ts";
import { clock, guarantee, origin2, recordedProblem } from "./fields-2.ts";
import { environmentState, promotionPlan2 } from "./promotion-plan-2.ts";
import { promotionRecord1 } from "./promotion-record-1.ts";
import { repairPlan2 } from "./repair-plan-2.ts";

export const PROMOTION_RECORD_2 = "mlops-actions/promotion-record@2";

const version1 = promotionRecord1.shape;

const approval = version1.approvals.element.extend({
  by: z.enum(["environment", "review"]).optional().describe("Left out: environment"),
  environment: z.string().optional().describe("For which environment, when reviewers of several are counted"),
  commit: commit.optional().describe("The head that was reviewed"),
  at: utcTimestamp.optional(),
  url: z.string().optional(),
});

const entry = {
  schema: z.literal(PROMOTION_RECORD_2),
  seq: version1.seq,
  previous: version1.previous,
  planDigest: digest,
  at: utcTimestamp,
  clock: clock.optional(),
  origin: origin2,
  problems: z.array(recordedProblem).optional(),
};

const deployment = z.strictObject({ id: z.int().positive(), adopted: z.boolean().describe("Whether GitHub made it") });

/** Locks the environment until the same plan is committed or aborted. */
const intent = z.strictObject({
  ...entry,
  type: z.literal("intent"),
  plan: promotionPlan2,
  approvals: z.array(approval),
  deployment: deployment.optional(),
  tag: version1.tag.describe("Always null: the ledger's rules say so, as in version 1"),
});

/** Version 1 repeats plan and approvals in a closing entry, and they must be the intent's; version 2 leaves them out. */
const closing = {
  ...entry,
  plan: promotionPlan2.optional(),
  approvals: z.array(approval).optional(),
};

const committed = z.strictObject({
  ...closing,
  type: z.literal("committed"),
  tag: version1.tag.describe("Never null: the ledger's rules say so, as in version 1"),
  deployment: deployment.optional(),
  guarantee: guarantee.optional().describe("As it was when the bytes were compared last"),
  pointer: z
    .strictObject({ alias: z.string(), value: z.string() })
    .optional()
    .describe("As another registry said it afterwards"),
});

const aborted = z.strictObject({
  ...closing,
  type: z.literal("aborted"),
  tag: version1.tag.describe("Always null: the ledger's rules say so, as in version 1"),
  cause: z
    .enum(["failed", "interrupted", "superseded", "rejected", "expired", "reverted"])
    .optional()
    .describe("Superseded: by a roll back that did not wait. Reverted: a rollout that went back by itself"),
  supersededBy: digest.optional().describe("The plan that took its place"),
});

/** One step of a rollout, between its intent and its end. */
const step = z.strictObject({
  ...entry,
  type: z.literal("step"),
  percent: z.int().min(0).max(100),
  outcome: z.enum(["started", "passed", "held", "failed", "reverted"]),
  change: z
    .strictObject({ repository: z.string(), commit: commit, pullRequest: z.int().positive().optional() })
    .optional()
    .describe("The commit that changed the manifest"),
  checks: z
    .array(
      z.strictObject({
        name: z.string(),
        query: z.string().optional(),
        outcome: z.enum(["pass", "fail", "inconclusive"]),
        candidate: finite.nullable(),
        baseline: finite.nullable(),
        n: z.int().nonnegative().optional(),
        reason: z.string(),
      }),
    )
    .optional(),
});

/** States one environment anew, after lines that cannot be read or tags that are gone. Its plan is approved like any other. */
const checkpoint = z.strictObject({
  ...entry,
  type: z.literal("checkpoint"),
  plan: repairPlan2,
  approvals: z.array(approval),
});

/** How far back a part states what was: the limits of everything that would grow. */
export const PART_LIMITS = { versions: 20, tags: 20, ended: 32 } as const;

const { name, deployed, lastAssignment, tags } = environmentState.shape;
const { lastValid, refusedLines, refusedDigest } = repairPlan2.shape.repair.shape;

/** Begins a part of the ledger: states what all entries before it have led to, so that they need not be read again. */
const part = z.strictObject({
  schema: entry.schema,
  seq: entry.seq,
  previous: digest,
  type: z.literal("part"),
  model: z.string(),
  at: entry.at,
  clock: entry.clock,
  origin: entry.origin,
  before: z
    .strictObject({ blob: commit, digest })
    .describe("The ledger's file that this entry was written to: it has the entries before it"),
  state: z.strictObject({
    environments: z.array(
      z.strictObject({
        name,
        deployed: deployed.max(PART_LIMITS.versions),
        olderVersions: z.boolean(),
        lastAssignment,
        tags: tags.max(PART_LIMITS.tags),
        tagsFrom: entry.seq,
      }),
    ),
    entries: z
      .array(z.record(z.string(), z.unknown()))
      .describe("As they were written: open intents, and what may still be reported on"),
    ended: z
      .array(z.strictObject({ planDigest: digest, seq: entry.seq, type: z.enum(["intent", "committed", "aborted"]) }))
      .max(PART_LIMITS.ended)
      .describe("The newest plans that are over; intent: a checkpoint has closed it"),
    repaired: z.strictObject({ lastValid, refusedLines, refusedDigest, environments: z.array(z.string()) }).optional(),
  }),
});

export const promotionRecord2 = z.discriminatedUnion("type", [intent, committed, aborted, step, checkpoint, part]);

export type PromotionRecord2 = z.infer<typeof promotionRecord2>;
export type Approval2 = z.infer<typeof approval>;
