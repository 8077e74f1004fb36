/** Issues (also pull requests in their form as issues) and their comments. */
import type { components } from "@octokit/openapi-types";
import { commentsOfIssue } from "../operations/conversations/comments.ts";
import type { Issue, IssueComment } from "../world/issues.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { renderApp } from "./app.ts";
import { authorAssociation } from "./author-association.ts";
import { renderLabel } from "./labels.ts";
import { nodeId } from "./node-id.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import { issuePageUrl, pullPageUrl, repositoryApiUrl } from "./urls.ts";

type Schemas = components["schemas"];

export function renderIssue(world: World, repository: Repository, issue: Issue) {
  const self = repositoryApiUrl(world, repository, `issues/${issue.number}`);
  const assignees = [...issue.assignees].map((account) => renderAccount(world, account));
  return {
    url: self,
    repository_url: repositoryApiUrl(world, repository),
    labels_url: `${self}/labels{/name}`,
    comments_url: `${self}/comments`,
    events_url: `${self}/events`,
    html_url: pageOf(world, repository, issue),
    id: issue.id,
    node_id: nodeId("issue", issue.id, repository.id),
    number: issue.number,
    title: issue.title,
    user: renderAccount(world, issue.author),
    labels: [...issue.labels].map((label) => renderLabel(world, repository, label)),
    state: issue.state,
    locked: issue.locked,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: commentsOfIssue(repository, issue).length,
    created_at: timestamp(issue.createdAt),
    updated_at: timestamp(issue.updatedAt),
    closed_at: timestampOrNull(issue.closedAt),
    author_association: authorAssociation(world, repository, issue.author, issue.isPullRequest),
    active_lock_reason: issue.lockReason,
    ...pullLinks(world, repository, issue),
    body: issue.body,
    closed_by: issue.closedBy === undefined ? null : renderAccount(world, issue.closedBy),
    reactions: noReactions(`${self}/reactions`),
    timeline_url: `${self}/timeline`,
    performed_via_github_app: issue.app === undefined ? null : renderApp(world, issue.app),
    state_reason: issue.stateReason,
  } satisfies Schemas["issue"];
}

export function renderIssueComment(world: World, repository: Repository, comment: IssueComment) {
  const self = repositoryApiUrl(world, repository, `issues/comments/${comment.id}`);
  const issue = repository.issues.get(comment.issue);
  const page = issue === undefined ? issuePageUrl(world, repository, comment.issue) : pageOf(world, repository, issue);
  return {
    url: self,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: repositoryApiUrl(world, repository, `issues/${comment.issue}`),
    id: comment.id,
    node_id: nodeId("comment", comment.id, repository.id),
    user: renderAccount(world, comment.author),
    created_at: timestamp(comment.createdAt),
    updated_at: timestamp(comment.updatedAt),
    author_association: authorAssociation(world, repository, comment.author),
    body: comment.body,
    reactions: noReactions(`${self}/reactions`),
    performed_via_github_app: comment.app === undefined ? null : renderApp(world, comment.app),
  } satisfies Schemas["issue-comment"];
}

const pageOf = (world: World, repository: Repository, issue: Issue): string =>
  issue.isPullRequest ? pullPageUrl(world, repository, issue.number) : issuePageUrl(world, repository, issue.number);

function pullLinks(world: World, repository: Repository, issue: Issue) {
  const pull = repository.pulls.get(issue.number);
  if (pull === undefined) return {};
  const page = pullPageUrl(world, repository, pull.number);
  return {
    draft: pull.draft,
    pull_request: {
      url: repositoryApiUrl(world, repository, `pulls/${pull.number}`),
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: timestampOrNull(pull.mergedAt),
    },
  };
}

/** The local GitHub has no reactions. */
const noReactions = (url: string) => ({
  url,
  total_count: 0,
  "+1": 0,
  "-1": 0,
  laugh: 0,
  hooray: 0,
  confused: 0,
  heart: 0,
  rocket: 0,
  eyes: 0,
});
