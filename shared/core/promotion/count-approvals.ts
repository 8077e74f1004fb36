/** Who approved exactly this plan. A review that is unclear does not count. */
import { ActionError, type Problem, refused } from "../../problem/problem.ts";
import type { Approval } from "../../records/promotion-record.ts";
import type { DeploymentReview, EnvironmentProtection, WorkflowRun } from "./approvals.ts";

export interface ApprovalCriteria {
  /** How many people must have approved. */
  readonly needed: number;
  readonly environment: EnvironmentProtection;
  /** For somebody who is no reviewer by name, whether they are by a team; by account id. `unknown`: the token cannot see it. */
  readonly byTeam: ReadonlyMap<number, "member" | "no-member" | "unknown">;
  readonly run: WorkflowRun;
  /** Who requested the plan. Neither they nor anybody who started this run or this attempt counts. */
  readonly requestedBy: { readonly id: number };
  /** The text that an approval's comment must contain; `undefined` when none is required. */
  readonly challenge: string | undefined;
}

/** What an approver types to approve this plan and no other. */
export const challengeOf = (planDigest: string): string => planDigest.replace(/^sha256:/, "").slice(0, 8);

/**
 * @returns the approvals that count, one for each person
 * @throws ActionError (a refusal): `approvals-missing` and, for each review that does not count, why
 */
export function countApprovals(reviews: readonly DeploymentReview[], criteria: ApprovalCriteria): readonly Approval[] {
  const { needed, environment, run, challenge } = criteria;
  if (needed === 0) return [];
  assertAttemptKnown(needed, run, challenge !== undefined);
  const problems: Problem[] = [];
  const approvals = new Map<number, Approval>();
  for (const review of reviews) {
    const problem = findReviewProblem(review, criteria);
    const { id, login } = review.user;
    if (problem !== undefined) problems.push(problem);
    else if (!approvals.has(id)) approvals.set(id, { login, id, comment: review.comment });
  }
  const rejected = problems.some(({ code }) => code === "approval-rejected");
  if (approvals.size >= needed && !rejected) return [...approvals.values()];
  // The run waits for no approval any more. Without a challenge, and after a rejection, a re-run of it is refused.
  const who = `${needed === 1 ? "a person" : `${needed} people`} other than the requester`;
  const fix =
    challenge === undefined || rejected
      ? `Start a new run, and let ${who} approve it`
      : `Re-run the failed jobs, and let ${who} approve with ${challenge} in the comment`;
  throw new ActionError("refused", [
    {
      code: "approvals-missing",
      message: `${environment.name} needs ${needed} valid approval${needed === 1 ? "" : "s"}, and has ${approvals.size}`,
      fix,
    },
    ...problems,
  ]);
}

function findReviewProblem(
  { state, comment, environments, user }: DeploymentReview,
  criteria: ApprovalCriteria,
): Problem | undefined {
  const { environment, run, requestedBy, challenge } = criteria;
  const problem = (code: string, message: string, fix: string): Problem => ({ code, message, fix });
  if (!environments.some(({ id }) => id === environment.id)) {
    const names = environments.map(({ name }) => name).join(", ");
    const message = `${user.login}'s review is for ${names || "no environment"}, not for ${environment.name}`;
    return problem("approval-for-other-environment", message, `Review ${environment.name}`);
  }
  if (state === "rejected") {
    return problem("approval-rejected", `${user.login} rejected it`, "Talk to them, and start a new run");
  }
  if (state !== "approved") return problem("approval-unclear", `${user.login}'s review is ${state}`, "Approve it");
  if (user.type !== "User") {
    return problem("approval-by-bot", `${user.login} is not a person but a ${user.type}`, "Let a person approve it");
  }
  const requesters = [requestedBy.id, run.actor.id, run.triggeringActor.id];
  if (requesters.includes(user.id)) {
    return problem("approval-by-requester", `${user.login} requested this promotion`, "Let somebody else approve it");
  }
  const standing = isReviewerByName(environment, user) ? "member" : (criteria.byTeam.get(user.id) ?? "no-member");
  if (standing === "unknown") {
    const message = `whether ${user.login} is in a team of reviewers of ${environment.name} cannot be read with this token`;
    return problem("approval-team-unreadable", message, TEAM_FIX);
  }
  if (standing === "no-member") {
    const message = `${user.login} is not among the required reviewers of ${environment.name} now`;
    return problem("approval-by-other", message, "Let one of its reviewers approve it");
  }
  if (challenge !== undefined && !comment.toLowerCase().includes(challenge)) {
    const message = `${user.login}'s comment does not contain the challenge of this plan`;
    return problem("approval-without-challenge", message, `Approve with ${challenge} in the comment`);
  }
  return undefined;
}

const TEAM_FIX =
  'Name people as reviewers; or give "members-token" a token of an app with the organization permission "Members: read"';

const isReviewerByName = ({ reviewers }: EnvironmentProtection, { id }: { readonly id: number }): boolean =>
  reviewers.some((reviewer) => reviewer.type === "User" && reviewer.id === id);

/** The people whose standing depends on a team: only about them, GitHub must be asked. */
export const findTeamQuestions = (
  reviews: readonly DeploymentReview[],
  environment: EnvironmentProtection,
): readonly { readonly id: number; readonly login: string; readonly teams: readonly string[] }[] => {
  const teams = environment.reviewers.filter(({ type }) => type === "Team").map(({ login }) => login);
  if (teams.length === 0) return [];
  return reviews
    .filter(({ state, user }) => state === "approved" && !isReviewerByName(environment, user))
    .map(({ user: { id, login } }) => ({ id, login, teams }));
};

/**
 * Without a challenge, an approval of an earlier attempt looks like one of this attempt.
 *
 * @throws ActionError `approval-of-unknown-attempt`
 */
export function assertAttemptKnown(needed: number, { attempt }: WorkflowRun, challenged: boolean): void {
  if (needed === 0 || attempt === 1 || challenged) return;
  throw refused({
    code: "approval-of-unknown-attempt",
    message: `this is attempt ${attempt} of the run, and GitHub does not report which attempt an approval was for`,
    fix: 'Start a new run; or plan with "challenge: true", which binds approvals to the plan',
  });
}

/**
 * GitHub says which run and environment an approval is for, and not which of two jobs: where models share an environment, one
 * for the other model would count as well.
 *
 * @param model the chosen one of several; `undefined`: there is one
 * @throws ActionError (a refusal) `challenge-needed`
 */
export function assertBoundToModel(needed: number, model: string | undefined, challenged: boolean): void {
  if (needed === 0 || model === undefined || challenged) return;
  throw refused({
    code: "challenge-needed",
    message: `the policy has several models, and nothing would say that an approval is for ${model}`,
    fix: 'Plan with "challenge: true": approvals then contain the digits of the plan that they are for',
  });
}
