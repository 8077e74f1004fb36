/** Who agreed to exactly this plan. What is in doubt does not count. */
import { ActionError, type Problem, refused } from "../../problem/problem.ts";
import type { PromotionRecord } from "../../records/promotion-record.ts";
import type { DeploymentReview, EnvironmentProtection, WorkflowRun } from "./approvals.ts";

export type Approval = PromotionRecord["approvals"][number];

export interface ApprovalCriteria {
  /** How many people must have agreed. */
  readonly needed: number;
  readonly environment: EnvironmentProtection;
  readonly run: WorkflowRun;
  /** Who asked for the plan; beside them, nobody who started this run or this attempt counts. */
  readonly requestedBy: { readonly id: number };
  /** The text that an approval's comment must hold; `undefined` when none is asked for. */
  readonly challenge: string | undefined;
}

/** What an approver types to approve this plan and no other. */
export const challengeOf = (planDigest: string): string => planDigest.replace(/^sha256:/, "").slice(0, 8);

/**
 * @returns the approvals that count, one for each person
 * @throws ActionError (a refusal): `approvals-missing` and, for each review that does not count, why
 */
export function countApprovals(reviews: readonly DeploymentReview[], question: ApprovalCriteria): readonly Approval[] {
  const { needed, environment, run, challenge } = question;
  if (needed === 0) return [];
  assertAttemptKnown(needed, run, challenge !== undefined);
  const problems: Problem[] = [];
  const approvals = new Map<number, Approval>();
  for (const review of reviews) {
    const fault = findReviewProblem(review, question);
    const { id, login } = review.user;
    if (fault !== undefined) problems.push(fault);
    else if (!approvals.has(id)) approvals.set(id, { login, id, comment: review.comment });
  }
  const rejected = problems.some(({ code }) => code === "approval-rejected");
  if (approvals.size >= needed && !rejected) return [...approvals.values()];
  throw new ActionError("refused", [
    {
      code: "approvals-missing",
      message: `${approvals.size} of ${needed} approvals for ${environment.name} count`,
      fix: `Let ${needed === 1 ? "a person" : `${needed} people`} who did not ask for it review this run${challenge === undefined ? "" : `, with ${challenge} in the comment`}`,
    },
    ...problems,
  ]);
}

function findReviewProblem(
  { state, comment, environments, user }: DeploymentReview,
  question: ApprovalCriteria,
): Problem | undefined {
  const { environment, run, requestedBy, challenge } = question;
  const fault = (code: string, message: string, fix: string): Problem => ({ code, message, fix });
  if (!environments.some(({ id }) => id === environment.id)) {
    const names = environments.map(({ name }) => name).join(", ");
    const message = `${user.login}'s review is for ${names || "no environment"}, not for ${environment.name}`;
    return fault("approval-for-other-environment", message, `Review ${environment.name}`);
  }
  if (state === "rejected") {
    return fault("approval-rejected", `${user.login} rejected it`, "Talk to them, and start a new run");
  }
  if (state !== "approved") return fault("approval-unclear", `${user.login}'s review is ${state}`, "Approve it");
  if (user.type !== "User") {
    return fault("approval-by-bot", `${user.login} is not a person but a ${user.type}`, "Let a person approve it");
  }
  const requesters = [requestedBy.id, run.actor.id, run.triggeringActor.id];
  if (requesters.includes(user.id)) {
    return fault("approval-by-requester", `${user.login} asked for this promotion`, "Let somebody else approve it");
  }
  if (challenge !== undefined && !comment.toLowerCase().includes(challenge)) {
    const message = `${user.login}'s comment does not hold this plan's digits`;
    return fault("approval-without-challenge", message, `Approve with ${challenge} in the comment`);
  }
  return undefined;
}

/**
 * Without a challenge nothing tells an earlier attempt's approvals from this one's.
 *
 * @throws ActionError `approval-of-unknown-attempt`
 */
export function assertAttemptKnown(needed: number, { attempt }: WorkflowRun, challenged: boolean): void {
  if (needed === 0 || attempt === 1 || challenged) return;
  throw refused({
    code: "approval-of-unknown-attempt",
    message: `this is attempt ${attempt} of the run, and GitHub does not say which attempt an approval was for`,
    fix: 'Start a new run; or plan with "challenge: true", which binds approvals to the plan',
  });
}
