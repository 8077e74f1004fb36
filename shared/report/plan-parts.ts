/** What the plans of promotions and of repairs show in the same words. */
import { challengeOf } from "../core/promotion/count-approvals.ts";
import type { AnyPlan } from "../records/promotion-plan.ts";
import { formatCount, inlineName, type Markdown, md } from "./markdown.ts";
import type { Block } from "./report-tree.ts";

export const warningBlocks = (warnings: AnyPlan["warnings"] = []): readonly Block[] =>
  warnings.map(({ message, fix }) => ({
    kind: "lines" as const,
    lines: [md`> ⚠️ ${message}${fix === undefined ? md`` : md`. ${fix}`}.`],
  }));

export function describeApprovals({ approvals, challenge, requestedBy }: AnyPlan, digest: string): Markdown {
  if (approvals === 0) return md`none required`;
  const who = md`${formatCount(approvals, "person", "people")} other than ${requestedBy.login}`;
  return challenge ? md`${who}, each with ${challengeCode(digest)} in the comment` : who;
}

export const approvalInstruction = (digest: string): Markdown =>
  md`**To approve, put ${challengeCode(digest)} into the comment of your review.** An approval without it does not count.`;

/** A code span, to copy. */
const challengeCode = (digest: string): Markdown => inlineName(challengeOf(digest));
