/** The filters and sort orders of the list of pull requests. */
import { commentsOfIssue } from "../../operations/conversations/comments.ts";
import { issueByNumber } from "../../operations/conversations/issues.ts";
import type { PullRequest, Repository } from "../../world/repository.ts";
import type { Call } from "../route.ts";

const MONTH = 30 * 24 * 3_600_000;

export function pullsMatching(repository: Repository, query: Call["query"]): readonly PullRequest[] {
  const { state = "open", base, sort = "created" } = query;
  // GitHub docs: `user:ref-name`. Any other value is ignored, which surprises many clients.
  const head = query["head"]?.includes(":") ? query["head"].toLowerCase() : undefined;
  const issue = (pull: PullRequest) => issueByNumber(repository, pull.number);
  const found = [...repository.pulls.values()].filter(
    (pull) =>
      (state === "all" || issue(pull).state === state) &&
      (base === undefined || pull.baseRef === base) &&
      (head === undefined || `${pull.head?.owner.login}:${pull.headRef}`.toLowerCase() === head),
  );
  const value: Readonly<Record<string, (pull: PullRequest) => number>> = {
    created: (pull) => issue(pull).createdAt.getTime(),
    updated: (pull) => issue(pull).updatedAt.getTime(),
    popularity: (pull) => commentsOfIssue(repository, issue(pull)).length,
    "long-running": (pull) => issue(pull).createdAt.getTime(),
  };
  const at = value[sort] ?? (() => 0);
  // GitHub docs: descending by default when sorted by creation, else ascending.
  const ascending = (query["direction"] ?? (sort === "created" ? "desc" : "asc")) === "asc";
  const sign = ascending ? 1 : -1;
  const newest = Math.max(...found.map((pull) => issue(pull).updatedAt.getTime()));
  return found
    .filter((pull) => sort !== "long-running" || isLongRunning(issue(pull), newest))
    .sort((a, b) => sign * (at(a) - at(b) || a.number - b.number));
}

/** GitHub docs: created more than a month ago, with activity within the past month. */
const isLongRunning = (
  { createdAt, updatedAt }: { readonly createdAt: Date; readonly updatedAt: Date },
  newest: number,
): boolean => newest - createdAt.getTime() > MONTH && newest - updatedAt.getTime() <= MONTH;
