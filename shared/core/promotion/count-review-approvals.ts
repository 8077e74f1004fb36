/** Who approved exactly this plan by reviewing the pull request that asks for it. A review that is unclear does not count. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import type { Approval } from "../../records/promotion-record.ts";
import type { PullRequestReview, ReviewedChange } from "./reviewed-change.ts";

export interface ReviewCriteria {
  readonly needed: number;
  readonly environment: string;
  /** Logins, and teams as `org/team`: as the policy before the change names them. */
  readonly approvers: readonly string[];
  /** For people who are not named themselves, whether one of the teams has them; by account id. `unknown`: the token cannot see it. */
  readonly byTeam: ReadonlyMap<number, "member" | "no-member" | "unknown">;
  /** Who asked for the plan. */
  readonly requestedBy: { readonly id: number };
}

/**
 * @returns the approvals that count, one for each person
 * @throws ActionError (a refusal): `approvals-missing` and, for each review that does not count, why
 */
export function countReviewApprovals(change: ReviewedChange, criteria: ReviewCriteria): readonly Approval[] {
  const { needed, environment } = criteria;
  const opinions = newestOpinions(change.reviews);
  const problems: Problem[] = change.writers.includes(undefined) ? [WRITER_UNKNOWN] : [];
  const approvals: Approval[] = [];
  for (const review of opinions) {
    const problem = findProblem(review, change, criteria);
    if (problem !== undefined) problems.push(problem);
    else approvals.push(toApproval(review, change));
  }
  const rejected = problems.some(({ code }) => BLOCKING.has(code));
  if (approvals.length >= needed && !rejected) return approvals;
  const who = `${needed} ${needed === 1 ? "person" : "people"} of its approvers`;
  throw new ActionError("refused", [
    {
      code: "approvals-missing",
      message: `${environment} needs ${needed} valid ${needed === 1 ? "approval" : "approvals"}, and pull request #${change.number} had ${approvals.length} when it was merged`,
      fix: `Plan again, and let ${who} approve the pull request before it is merged; a branch protection can require that`,
    },
    ...problems,
  ]);
}

/** Whoever wrote it may be one of those who approved it. */
const WRITER_UNKNOWN: Problem = {
  code: "request-writer-unknown",
  message: "GitHub knows no account for the author of one of the pull request's commits",
  fix: "Commit with an e-mail address of your account, or in GitHub's editor",
};

/** Whatever else was approved. */
const BLOCKING: ReadonlySet<string> = new Set(["approval-rejected", WRITER_UNKNOWN.code]);

const OPINIONS: ReadonlySet<string> = new Set(["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]);

/** The newest of each person: a comment alone changes no opinion. */
const newestOpinions = (reviews: readonly PullRequestReview[]): readonly PullRequestReview[] => [
  ...new Map(
    reviews
      .filter(({ state }) => OPINIONS.has(state))
      .toSorted((a, b) => Date.parse(a.submittedAt ?? "") - Date.parse(b.submittedAt ?? ""))
      .map((review) => [review.user.id, review]),
  ).values(),
];

function findProblem(
  { state, user, commit, submittedAt }: PullRequestReview,
  { author, writers, head, mergedAt }: ReviewedChange,
  criteria: ReviewCriteria,
): Problem | undefined {
  const { environment, approvers, byTeam, requestedBy } = criteria;
  const problem = (code: string, message: string, fix: string): Problem => ({ code, message, fix });
  const isNamed = approvers.some((name) => name.toLowerCase() === user.login.toLowerCase());
  const standing = isNamed ? "member" : (byTeam.get(user.id) ?? "no-member");
  if (state === "DISMISSED")
    return problem("approval-dismissed", `${user.login}'s review was dismissed`, "Ask them to review it again");
  if (state === "CHANGES_REQUESTED") {
    // Anybody may have an opinion; those who may approve can also stop it.
    return standing === "no-member"
      ? problem(
          "approval-by-other",
          `${user.login}, who is no approver of ${environment}, asks for changes`,
          "Talk to them",
        )
      : problem("approval-rejected", `${user.login} asks for changes`, "Talk to them, and plan again");
  }
  if (user.type !== "User")
    return problem("approval-by-bot", `${user.login} is not a person but a ${user.type}`, "Let a person approve it");
  if (user.id === requestedBy.id || user.id === author.id)
    return problem("approval-by-requester", `${user.login} requested this promotion`, "Let somebody else approve it");
  if (writers.some((writer) => writer?.id === user.id))
    return problem(
      "approval-by-writer",
      `${user.login} wrote a commit of the pull request`,
      "Let somebody else approve it",
    );
  if (standing === "unknown") {
    const message = `whether ${user.login} is in a team of approvers of ${environment} cannot be read with this token`;
    return problem(
      "approval-team-unreadable",
      message,
      'Name people under approvers:; or give "members-token" a token of an app with the organization permission "Members: read"',
    );
  }
  if (standing === "no-member")
    return problem(
      "approval-by-other",
      `${user.login} is not among the approvers of ${environment} in the policy`,
      "Let one of them approve it",
    );
  if (commit !== head)
    return problem(
      "approval-of-other-commit",
      `${user.login} approved ${commit?.slice(0, 7) ?? "an unknown commit"}, and ${head.slice(0, 7)} was merged`,
      "Review the newest commit",
    );
  if (submittedAt === undefined || !(Date.parse(submittedAt) <= Date.parse(mergedAt)))
    return problem(
      "approval-after-merge",
      `${user.login} approved after it had been merged`,
      "Approve before the merge",
    );
  return undefined;
}

const toApproval = ({ user, body, commit, submittedAt }: PullRequestReview, { url }: ReviewedChange): Approval => ({
  ...{ login: user.login, id: user.id, comment: body.slice(0, MAX_COMMENT), by: "review", url },
  ...(commit !== undefined && { commit }),
  ...(submittedAt !== undefined && { at: new Date(submittedAt).toISOString() }),
});

/** In the ledger, which everybody reads whole. */
const MAX_COMMENT = 200;

/**
 * The people whose standing depends on a team: only about them, GitHub must be asked.
 *
 * @param owner of the repository: only teams of its own organisation are read @returns `teams` without their organisation;
 *   `undefined` for one of another organisation, in which anybody may be
 */
export function findReviewTeamQuestions(
  change: ReviewedChange,
  approvers: readonly string[],
  owner: string,
): readonly { readonly id: number; readonly login: string; readonly teams: readonly (string | undefined)[] }[] {
  const teams = approvers.flatMap((name) => {
    const [organisation = "", team] = name.split("/");
    if (team === undefined) return [];
    return [organisation.toLowerCase() === owner.toLowerCase() ? team : undefined];
  });
  const named = new Set(approvers.map((name) => name.toLowerCase()));
  if (teams.length === 0) return [];
  return newestOpinions(change.reviews)
    .filter(({ state, user }) => state !== "DISMISSED" && !named.has(user.login.toLowerCase()))
    .map(({ user: { id, login } }) => ({ id, login, teams }));
}
