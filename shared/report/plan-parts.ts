/** What the plans of promotions and of repairs show in the same words. */
import { challengeOf } from "../core/promotion/count-approvals.ts";
import type { AnyPlan } from "../records/promotion-plan.ts";
import { formatCount, inlineName, joinMarkdown, type Markdown, md } from "./markdown.ts";
import type { Block } from "./report-tree.ts";

export const warningBlocks = (warnings: AnyPlan["warnings"] = []): readonly Block[] =>
  warnings.map(({ message, fix }) => ({
    kind: "lines" as const,
    lines: [md`> ⚠️ ${message}${fix === undefined ? md`` : md`. ${fix}`}.`],
  }));

/** The file of the pull request that asks for it. */
export interface AskedFile {
  readonly path: string;
  readonly text: string;
}

/** What to copy, where reviews approve. */
export const requestBlocks = ({ path, text }: AskedFile, { expiresAt }: AnyPlan): readonly Block[] => [
  {
    kind: "lines",
    lines: [
      md`**Next:** open a pull request that changes ${inlineName(path)} to this, and nothing else. Who approves it approves this plan; its merge carries it out, until ${expiresAt}.`,
    ],
  },
  { kind: "code", language: "yaml", text },
];

export function describeApprovals(plan: AnyPlan, digest: string): Markdown {
  const { approvals, challenge, requestedBy, approvalBy, approvers = [] } = plan;
  const { approvalEnvironments = [] } = plan;
  if (approvals === 0) return md`none required`;
  const people = md`${formatCount(approvals, "person", "people")} other than ${requestedBy.login}`;
  const names = joinMarkdown(
    approvers.map(({ name }) => inlineName(name)),
    ", ",
  );
  const asked = joinMarkdown(approvalEnvironments.map(inlineName), ", ");
  const inTurn =
    approvalEnvironments.length === 0 ? people : md`${people}, reviewers of ${asked}, at least one of each`;
  const who = approvalBy === "review" ? md`${people}, by reviews of a pull request: ${names}` : inTurn;
  return challenge ? md`${who}, each with ${challengeCode(digest)} in the comment` : who;
}

export const approvalInstruction = (digest: string): Markdown =>
  md`**To approve, put ${challengeCode(digest)} into the comment of your review.** An approval without it does not count.`;

/** A code span, to copy. */
const challengeCode = (digest: string): Markdown => inlineName(challengeOf(digest));
