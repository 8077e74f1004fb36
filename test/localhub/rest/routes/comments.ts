/** Comments on issues and pull requests. */
import {
  commentOf,
  commentsOn,
  createComment,
  deleteComment,
  updateComment,
} from "../../operations/conversations/comments.ts";
import { issueOf } from "../../operations/conversations/issues.ts";
import { renderComment } from "../../render/issues.ts";
import type { Issue, IssueComment } from "../../world/issues.ts";
import { bodyOf } from "../requests/body.ts";
import { type Call, created, list, noContent, ok, type Route, route } from "../route.ts";

export const commentRoutes: readonly Route[] = [
  route("issues/list-comments", (call) => {
    const { world, repository } = call;
    return list(since(call, commentsOn(repository, issueNamed(call))), (comment) =>
      renderComment(world, repository, comment),
    );
  }),
  route("issues/create-comment", (call) => {
    const { world, repository, signedIn } = call;
    const { body } = bodyOf(call, "issues/create-comment");
    const comment = createComment(world, repository, issueNamed(call), body, signedIn);
    return created(renderComment(world, repository, comment));
  }),
  route("issues/get-comment", (call) => ok(renderComment(call.world, call.repository, commentNamed(call)))),
  route("issues/update-comment", (call) => {
    const { world, repository, signedIn } = call;
    const comment = commentNamed(call);
    updateComment(world, repository, comment, bodyOf(call, "issues/update-comment").body, signedIn);
    return ok(renderComment(world, repository, comment));
  }),
  route("issues/delete-comment", (call) => {
    deleteComment(call.world, call.repository, commentNamed(call), call.signedIn);
    return noContent;
  }),
  route("issues/list-comments-for-repo", (call) => {
    const { world, repository, query } = call;
    const comments = since(call, [...repository.comments.values()]);
    const at = query["sort"] === "updated" ? "updatedAt" : "createdAt";
    // GitHub docs: `direction` is ignored without `sort`; comments come by ascending id then.
    const sign = query["direction"] === "desc" && call.url.searchParams.has("sort") ? -1 : 1;
    const sorted = comments.toSorted((a, b) => sign * (a[at].getTime() - b[at].getTime() || a.id - b.id));
    return list(sorted, (comment) => renderComment(world, repository, comment));
  }),
];

const issueNamed = ({ repository, path }: Call): Issue => issueOf(repository, Number(path["issue_number"]));
const commentNamed = ({ repository, path }: Call): IssueComment => commentOf(repository, Number(path["comment_id"]));

function since({ query }: Call, comments: readonly IssueComment[]): readonly IssueComment[] {
  const from = query["since"];
  return from === undefined ? comments : comments.filter((comment) => comment.updatedAt >= new Date(from));
}
