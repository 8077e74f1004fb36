/** Comments on issues and pull requests. */

import { ApiError, notFound } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import { appOf } from "../../world/caller.ts";
import type { Issue, IssueComment } from "../../world/issues.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { hasPermission } from "../people/access.ts";
import { issueByNumber } from "./issues.ts";
import { assertComment } from "./text-limits.ts";

/** @throws ApiError 404 */
export function commentById(repository: Repository, id: number): IssueComment {
  const comment = repository.comments.get(id);
  if (comment === undefined) throw notFound();
  return comment;
}

/** The comments of one issue in ascending order of id, as GitHub lists them. */
export const commentsOfIssue = (repository: Repository, issue: Issue): readonly IssueComment[] =>
  [...repository.comments.values()].filter((comment) => comment.issue === issue.number);

/** @throws ApiError 403 when the conversation is locked for the caller, 422 for a blank or too long body. */
export function createComment(
  world: World,
  repository: Repository,
  issue: Issue,
  body: string,
  caller: Caller,
): IssueComment {
  if (issue.locked && !mayWriteTo(repository, issue, caller)) {
    throw new ApiError(403, "Unable to create comment because issue is locked.");
  }
  assertComment("IssueComment", body);
  const now = world.clock.now();
  const comment: IssueComment = {
    id: world.nextId(),
    issue: issue.number,
    author: caller.actor,
    app: appOf(caller),
    body,
    createdAt: now,
    updatedAt: now,
  };
  repository.comments.set(comment.id, comment);
  issue.updatedAt = now;
  publishCommentEvent(world, repository, issue, comment, "created", caller);
  return comment;
}

/** @throws ApiError 403 for callers who neither wrote it nor may write to the repository. */
export function updateComment(
  world: World,
  repository: Repository,
  comment: IssueComment,
  body: string,
  caller: Caller,
): void {
  const issue = issueByNumber(repository, comment.issue);
  assertMayChange(repository, issue, comment, caller);
  assertComment("IssueComment", body);
  const changes = { body: { from: comment.body } };
  comment.body = body;
  comment.updatedAt = world.clock.now();
  issue.updatedAt = comment.updatedAt;
  const origin = { repository, actor: caller.actor, cause: caller.token };
  world.publish({ event: "issue_comment", action: "edited", issue, comment, changes, ...origin });
}

export function deleteComment(world: World, repository: Repository, comment: IssueComment, caller: Caller): void {
  const issue = issueByNumber(repository, comment.issue);
  assertMayChange(repository, issue, comment, caller);
  repository.comments.delete(comment.id);
  publishCommentEvent(world, repository, issue, comment, "deleted", caller);
}

function assertMayChange(repository: Repository, issue: Issue, comment: IssueComment, caller: Caller): void {
  if (comment.author === caller.actor || mayWriteTo(repository, issue, caller)) return;
  throw new ApiError(403, "Must have admin rights to Repository.");
}

/** On a pull request either of the two permissions is enough. */
function mayWriteTo(repository: Repository, issue: Issue, caller: Caller): boolean {
  return (
    hasPermission(repository, caller, "write", "issues") ||
    (issue.isPullRequest && hasPermission(repository, caller, "write", "pull_requests"))
  );
}

function publishCommentEvent(
  world: World,
  repository: Repository,
  issue: Issue,
  comment: IssueComment,
  action: "created" | "deleted",
  caller: Caller,
): void {
  const origin = { repository, actor: caller.actor, cause: caller.token };
  world.publish({ event: "issue_comment", action, issue, comment, ...origin });
}
