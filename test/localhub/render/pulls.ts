/** Pull requests, in the form of lists and in the full one. */
import type { components } from "@octokit/openapi-types";
import { commentsOfIssue } from "../operations/conversations/comments.ts";
import { issueByNumber } from "../operations/conversations/issues.ts";
import type { MergeState } from "../operations/merging/merge-state.ts";
import type { PullRequest, Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { authorAssociation } from "./author-association.ts";
import { renderLabel } from "./labels.ts";
import { nodeId } from "./node-id.ts";
import { renderRepository } from "./repository.ts";
import { renderTeam } from "./team.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import { pullPageUrl, repositoryApiUrl } from "./urls.ts";

type Schemas = components["schemas"];

/** The pull request in lists. */
export function renderPullSimple(world: World, pull: PullRequest) {
  const { base } = pull;
  const issue = issueByNumber(base, pull.number);
  const links = linksOf(world, pull);
  const page = pullPageUrl(world, base, pull.number);
  const assignees = [...issue.assignees].map((account) => renderAccount(world, account));
  return {
    url: links.self,
    id: pull.id,
    node_id: nodeId("pull", pull.id, base.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: links.issue,
    number: pull.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: renderAccount(world, issue.author),
    body: issue.body,
    created_at: timestamp(issue.createdAt),
    updated_at: timestamp(issue.updatedAt),
    closed_at: timestampOrNull(issue.closedAt),
    merged_at: timestampOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: [...pull.requestedReviewers].map((account) => renderAccount(world, account)),
    requested_teams: [...pull.requestedTeams].map((team) => renderTeam(world, team, base.teams.get(team))),
    labels: [...issue.labels].map((label) => renderLabel(world, base, label)),
    milestone: null,
    draft: pull.draft,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head: renderSide(world, pull.head, pull.headRef, pull.headSha),
    base: renderSide(world, base, pull.baseRef, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])) as Links,
    author_association: authorAssociation(world, base, issue.author, true),
    auto_merge: null,
    active_lock_reason: issue.lockReason,
  };
}

/**
 * The full pull request, with the counts of its last comparison. `mergeable` is `null` and the state `unknown` until it
 * has been compared, as in GitHub's own first replies and webhooks.
 */
export function renderPull(world: World, pull: PullRequest, state: MergeState = "unknown") {
  const issue = issueByNumber(pull.base, pull.number);
  const { comparison } = pull;
  const files = comparison?.files ?? [];
  const open = issue.state === "open";
  return {
    ...renderPullSimple(world, pull),
    merged: pull.merged,
    mergeable: open ? (pull.mergeable ?? null) : null,
    rebaseable: open ? (pull.mergeable ?? null) : null,
    mergeable_state: state,
    merged_by: pull.mergedBy === undefined ? null : renderAccount(world, pull.mergedBy),
    comments: commentsOfIssue(pull.base, issue).length,
    review_comments: pull.reviews.reduce(
      (sum, { comments, state }) => sum + (state === "PENDING" ? 0 : comments.length),
      0,
    ),
    maintainer_can_modify: pull.maintainerCanModify,
    commits: comparison?.commits ?? 0,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  } satisfies Schemas["pull-request"];
}

type Links = Schemas["pull-request-simple"]["_links"];

function linksOf(world: World, pull: PullRequest) {
  const at = (path: string): string => repositoryApiUrl(world, pull.base, path);
  const self = at(`pulls/${pull.number}`);
  return {
    self,
    html: pullPageUrl(world, pull.base, pull.number),
    issue: at(`issues/${pull.number}`),
    comments: at(`issues/${pull.number}/comments`),
    review_comments: `${self}/comments`,
    review_comment: at("pulls/comments{/number}"),
    commits: `${self}/commits`,
    statuses: at(`statuses/${pull.headSha}`),
  } satisfies Record<keyof Links, string>;
}

/** On GitHub `repo` and `user` are null when the fork was deleted; here forks are never deleted. */
function renderSide(world: World, repository: Repository | undefined, ref: string, sha: string) {
  if (repository === undefined) throw new Error(`the repository of the head branch "${ref}" does not exist`);
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: renderAccount(world, repository.owner),
    repo: renderRepository(world, repository),
  };
}
