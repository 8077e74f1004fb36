/** The filters and sort orders of the list of issues. */
import { commentsOfIssue } from "../../operations/conversations/comments.ts";
import type { Issue } from "../../world/issues.ts";
import type { Repository } from "../../world/repository.ts";
import type { Call } from "../route.ts";

export function issuesMatching(repository: Repository, query: Call["query"]): readonly Issue[] {
  const since = query["since"] === undefined ? undefined : new Date(query["since"]);
  const labels = (query["labels"] ?? "").split(",").filter((name) => name !== "");
  const matches = (issue: Issue): boolean =>
    (query["state"] === "all" || issue.state === (query["state"] ?? "open")) &&
    hasLabels(issue, labels) &&
    isLogin(query["creator"], issue.author.login) &&
    isAssigned(issue, query["assignee"]) &&
    mentions(issue, query["mentioned"]) &&
    (since === undefined || issue.updatedAt >= since) &&
    // The local GitHub has no milestones and no issue types.
    (query["milestone"] === undefined || query["milestone"] === "none") &&
    (query["type"] === undefined || query["type"] === "none");
  const value = {
    created: (issue: Issue): number => issue.createdAt.getTime(),
    updated: (issue: Issue): number => issue.updatedAt.getTime(),
    comments: (issue: Issue): number => commentsOfIssue(repository, issue).length,
  }[query["sort"] ?? "created"];
  const sign = query["direction"] === "asc" ? 1 : -1;
  return [...repository.issues.values()]
    .filter(matches)
    .sort((a, b) => sign * ((value?.(a) ?? 0) - (value?.(b) ?? 0) || a.number - b.number));
}

function hasLabels(issue: Issue, names: readonly string[]): boolean {
  const labelNames = new Set([...issue.labels].map(({ name }) => name.toLowerCase()));
  return names.every((name) => labelNames.has(name.trim().toLowerCase()));
}

function isAssigned({ assignees }: Issue, filter: string | undefined): boolean {
  if (filter === undefined) return true;
  if (filter === "none") return assignees.size === 0;
  return filter === "*" ? assignees.size > 0 : [...assignees].some(({ login }) => isLogin(filter, login));
}

const mentions = ({ body }: Issue, login: string | undefined): boolean =>
  login === undefined || (body ?? "").toLowerCase().includes(`@${login.toLowerCase()}`);

const isLogin = (filter: string | undefined, login: string): boolean =>
  filter === undefined || filter.toLowerCase() === login.toLowerCase();
