/** Comments on issues and pull requests. */
import {
  commentById,
  commentsOfIssue,
  createComment,
  deleteComment,
  updateComment,
} from "../../operations/conversations/comments.ts";
import { issueByNumber } from "../../operations/conversations/issues.ts";
import { renderIssueComment } from "../../render/issues.ts";
import type { Issue, IssueComment } from "../../world/issues.ts";
import { typedBody } from "../requests/body.ts";
import { type Call, created, list, noContent, ok, type Route, route } from "../route.ts";

export const commentRoutes: readonly Route[] = [
  route("issues/list-comments", (call) => {
    const { world, repository } = call;
    return list(since(call, commentsOfIssue(repository, issueNamed(call))), (comment) =>
      renderIssueComment(world, repository, comment),
    );
  }),
  route("issues/create-comment", (call) => {
    const { world, repository, requiredCaller: caller } = call;
    const { body } = typedBody(call, "issues/create-comment");
    const comment = createComment(world, repository, issueNamed(call), body, caller);
    return created(renderIssueComment(world, repository, comment));
  }),
  route("issues/get-comment", (call) => ok(renderIssueComment(call.world, call.repository, commentNamed(call)))),
  route("issues/update-comment", (call) => {
    const { world, repository, requiredCaller: caller } = call;
    const comment = commentNamed(call);
    updateComment(world, repository, comment, typedBody(call, "issues/update-comment").body, caller);
    return ok(renderIssueComment(world, repository, comment));
  }),
  route("issues/delete-comment", (call) => {
    deleteComment(call.world, call.repository, commentNamed(call), call.requiredCaller);
    return noContent;
  }),
  route("issues/list-comments-for-repo", (call) => {
    const { world, repository, query } = call;
    const comments = since(call, [...repository.comments.values()]);
    const at = query["sort"] === "updated" ? "updatedAt" : "createdAt";
    // GitHub docs: `direction` is ignored without `sort`; comments are then sorted by ascending id.
    const sign = query["direction"] === "desc" && call.url.searchParams.has("sort") ? -1 : 1;
    const sorted = comments.toSorted((a, b) => sign * (a[at].getTime() - b[at].getTime() || a.id - b.id));
    return list(sorted, (comment) => renderIssueComment(world, repository, comment));
  }),
];

const issueNamed = ({ repository, path }: Call): Issue => issueByNumber(repository, Number(path["issue_number"]));
const commentNamed = ({ repository, path }: Call): IssueComment => commentById(repository, Number(path["comment_id"]));

function since({ query }: Call, comments: readonly IssueComment[]): readonly IssueComment[] {
  const from = query["since"];
  return from === undefined ? comments : comments.filter((comment) => comment.updatedAt >= new Date(from));
}
