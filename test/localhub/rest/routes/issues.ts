/** Issues; pull requests are listed among them. */
import { addAssignees, removeAssignees } from "../../operations/conversations/assignees.ts";
import { createIssue, type IssueChange, issueByNumber, updateIssue } from "../../operations/conversations/issues.ts";
import { lockIssue, unlockIssue } from "../../operations/conversations/locking.ts";
import { updatePull } from "../../operations/pulls/pulls.ts";
import { renderIssue } from "../../render/issues.ts";
import type { Issue } from "../../world/issues.ts";
import { typedBody } from "../requests/body.ts";
import { type Call, created, list, noContent, ok, type Route, route } from "../route.ts";
import { issuesMatching } from "./issue-filters.ts";
import { labelNames } from "./label-names.ts";

export const issueRoutes: readonly Route[] = [
  route("issues/list-for-repo", ({ world, repository, query }) =>
    list(issuesMatching(repository, query), (issue) => renderIssue(world, repository, issue)),
  ),

  route("issues/create", (call) => {
    const fields = typedBody(call, "issues/create");
    const issue = createIssue(
      call.world,
      call.repository,
      {
        title: String(fields.title),
        body: fields.body ?? null,
        labels: labelNames(fields.labels) ?? [],
        assignees: fields.assignees ?? (fields.assignee ? [fields.assignee] : []),
      },
      call.requiredCaller,
    );
    return created(renderIssue(call.world, call.repository, issue));
  }),

  route("issues/get", (call) => ok(renderIssue(call.world, call.repository, issueNamed(call)))),

  route("issues/update", async (call) => {
    const { world, repository, requiredCaller: caller } = call;
    const issue = issueNamed(call);
    const { title, body, state, ...rest } = changeIn(call);
    const pull = repository.pulls.get(issue.number);
    const texts = {
      ...(title !== undefined && { title }),
      ...(body !== undefined && { body }),
      ...(state !== undefined && { state }),
    };
    if (pull === undefined) updateIssue(world, repository, issue, { ...texts, ...rest }, caller);
    else {
      await updatePull(world, pull, texts, caller);
      updateIssue(world, repository, issue, rest, caller);
    }
    return ok(renderIssue(world, repository, issue));
  }),

  route("issues/lock", (call) => {
    const { lock_reason: reason } = typedBody(call, "issues/lock");
    lockIssue(call.world, call.repository, issueNamed(call), reason ?? null, call.requiredCaller);
    return noContent;
  }),
  route("issues/unlock", (call) => {
    unlockIssue(call.world, call.repository, issueNamed(call), call.requiredCaller);
    return noContent;
  }),

  route("issues/add-assignees", (call) => {
    const issue = issueNamed(call);
    const logins = loginsIn(typedBody(call, "issues/add-assignees").assignees) ?? [];
    addAssignees(call.world, call.repository, issue, logins, call.requiredCaller);
    return created(renderIssue(call.world, call.repository, issue));
  }),
  route("issues/remove-assignees", (call) => {
    const issue = issueNamed(call);
    const { assignees } = typedBody(call, "issues/remove-assignees");
    removeAssignees(call.world, call.repository, issue, assignees ?? [], call.requiredCaller);
    return ok(renderIssue(call.world, call.repository, issue));
  }),
];

const issueNamed = ({ repository, path }: Call): Issue => issueByNumber(repository, Number(path["issue_number"]));

function changeIn(call: Call): IssueChange {
  const { title, body, state, state_reason: reason, labels, assignees, assignee } = typedBody(call, "issues/update");
  const logins = loginsIn(assignees) ?? (assignee === undefined ? undefined : assignee === null ? [] : [assignee]);
  const names = labelNames(labels);
  return {
    ...(title !== undefined && title !== null && { title: String(title) }),
    ...(body !== undefined && { body }),
    ...(state !== undefined && { state }),
    ...(reason !== undefined && { stateReason: reason }),
    ...(names && { labels: names }),
    ...(logins && { assignees: logins }),
  };
}

/** People are given as logins or as objects with a `login`. */
const loginsIn = (
  people: readonly (string | { readonly login?: string })[] | undefined,
): readonly string[] | undefined =>
  people?.flatMap((person) => (typeof person === "string" ? person : (person.login ?? [])));
