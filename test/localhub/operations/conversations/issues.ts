/** Opening, editing and closing issues. The issue half of a pull request is created by `pulls.ts`. */

import { ApiError, notFound } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import { appOf } from "../../world/caller.ts";
import type { Issue } from "../../world/issues.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { mayTriage } from "../people/access.ts";
import { setAssignees } from "./assignees.ts";
import { addLabels, setLabels } from "./issue-labels.ts";
import { assertTitleAndBody } from "./text-limits.ts";

export interface NewIssue {
  readonly title: string;
  readonly body?: string | null;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

export interface IssueChange {
  readonly title?: string;
  readonly body?: string | null;
  readonly state?: Issue["state"];
  readonly stateReason?: Issue["stateReason"];
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

/** The issue or the issue half of a pull request. @throws ApiError 404 */
export function issueByNumber(repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (issue === undefined) throw notFound();
  return issue;
}

/** Labels and assignees from callers who may not triage are silently dropped (GitHub docs: "Create an issue"). */
export function createIssue(world: World, repository: Repository, input: NewIssue, caller: Caller): Issue {
  assertTitleAndBody("Issue", input);
  const issue = addIssue(world, repository, input, caller);
  world.publish({ event: "issues", action: "opened", issue, repository, actor: caller.actor, cause: caller.token });
  if (mayTriage(repository, caller)) {
    addLabels(world, repository, issue, input.labels ?? [], caller);
    setAssignees(world, repository, issue, input.assignees ?? [], caller);
  }
  return issue;
}

/** Adds only the record, with the next number; nothing is checked or published. */
export function addIssue(
  world: World,
  repository: Repository,
  input: NewIssue,
  caller: Caller,
  isPullRequest = false,
): Issue {
  const now = world.clock.now();
  const issue: Issue = {
    id: world.nextId(),
    number: repository.nextNumber++,
    author: caller.actor,
    app: appOf(caller),
    isPullRequest,
    title: input.title,
    body: input.body ?? null,
    state: "open",
    stateReason: null,
    labels: new Set(),
    assignees: new Set(),
    locked: false,
    lockReason: null,
    closedBy: undefined,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
  };
  repository.issues.set(issue.number, issue);
  return issue;
}

/**
 * For issues, not pull requests. @throws ApiError 403 for callers who neither wrote it nor may triage, 422 for texts
 * too long.
 */
export function updateIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  change: IssueChange,
  caller: Caller,
): void {
  assertMayEdit(repository, issue, caller);
  assertTitleAndBody("Issue", change);
  const origin = { repository, actor: caller.actor, cause: caller.token };
  const { title, body } = issue;
  if (editTexts(world, issue, change)) {
    const changes = {
      ...(issue.title !== title && { title: { from: title } }),
      ...(issue.body !== body && { body: { from: body } }),
    };
    world.publish({ event: "issues", action: "edited", issue, changes, ...origin });
  }
  if (mayTriage(repository, caller)) {
    if (change.labels !== undefined) setLabels(world, repository, issue, change.labels, caller);
    if (change.assignees !== undefined) setAssignees(world, repository, issue, change.assignees, caller);
  }
  if (change.state !== undefined && change.state !== issue.state) {
    setIssueState(world, issue, change.state, caller);
    if (change.state === "closed") issue.stateReason = change.stateReason ?? "completed";
    else issue.stateReason = "reopened";
    world.publish({ event: "issues", action: change.state === "closed" ? "closed" : "reopened", issue, ...origin });
  } else if (change.stateReason && change.stateReason !== "reopened" && issue.state === "closed") {
    issue.stateReason = change.stateReason;
  }
}

/** @returns Whether anything changed. */
export function editTexts(world: World, issue: Issue, change: Pick<IssueChange, "title" | "body">): boolean {
  const title = change.title ?? issue.title;
  const body = change.body === undefined ? issue.body : change.body;
  if (title === issue.title && body === issue.body) return false;
  Object.assign(issue, { title, body, updatedAt: world.clock.now() });
  return true;
}

export function setIssueState(world: World, issue: Issue, state: Issue["state"], caller: Caller): void {
  const now = world.clock.now();
  issue.state = state;
  issue.updatedAt = now;
  issue.closedAt = state === "closed" ? now : null;
  issue.closedBy = state === "closed" ? caller.actor : undefined;
}

/** Authors may edit what they wrote; others need the triage role. @throws ApiError 403 */
export function assertMayEdit(repository: Repository, issue: Issue, caller: Caller): void {
  if (issue.author === caller.actor || mayTriage(repository, caller)) return;
  throw new ApiError(403, "Must have admin rights to Repository.");
}
