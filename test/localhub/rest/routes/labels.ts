/** Labels of the repository, and labels on issues and pull requests. */

import { addLabels, removeLabel, setLabels } from "../../operations/conversations/issue-labels.ts";
import { issueByNumber } from "../../operations/conversations/issues.ts";
import { createLabel, deleteLabel, labelByName, updateLabel } from "../../operations/conversations/labels.ts";
import { renderLabel } from "../../render/labels.ts";
import type { Issue, Label } from "../../world/issues.ts";
import { typedBody } from "../requests/body.ts";
import { type Call, created, type JsonReply, list, noContent, ok, type Route, route } from "../route.ts";
import { labelNames } from "./label-names.ts";

export const labelRoutes: readonly Route[] = [
  route("issues/list-labels-for-repo", ({ world, repository }) =>
    list([...repository.labels.values()], (label) => renderLabel(world, repository, label)),
  ),
  route("issues/create-label", (call) => {
    const label = createLabel(call.world, call.repository, typedBody(call, "issues/create-label"), call.requiredCaller);
    return created(renderLabel(call.world, call.repository, label));
  }),
  route("issues/get-label", (call) => ok(renderLabel(call.world, call.repository, labelNamed(call)))),
  route("issues/update-label", (call) => {
    const { new_name: name, color, description } = typedBody(call, "issues/update-label");
    const change = {
      ...(name !== undefined && { name }),
      ...(color !== undefined && { color }),
      ...(description !== undefined && { description }),
    };
    const label = updateLabel(call.world, call.repository, labelNamed(call), change, call.requiredCaller);
    return ok(renderLabel(call.world, call.repository, label));
  }),
  route("issues/delete-label", (call) => {
    deleteLabel(call.world, call.repository, labelNamed(call), call.requiredCaller);
    return noContent;
  }),

  route("issues/list-labels-on-issue", (call) => {
    const { world, repository } = call;
    return list([...issueNamed(call).labels], (label) => renderLabel(world, repository, label));
  }),
  route("issues/add-labels", (call) => {
    const issue = issueNamed(call);
    addLabels(call.world, call.repository, issue, namesIn(call), call.requiredCaller);
    return labelsOf(call, issue);
  }),
  route("issues/set-labels", (call) => {
    const issue = issueNamed(call);
    setLabels(call.world, call.repository, issue, namesIn(call), call.requiredCaller);
    return labelsOf(call, issue);
  }),
  route("issues/remove-label", (call) => {
    const issue = issueNamed(call);
    removeLabel(call.world, call.repository, issue, call.path["name"] ?? "", call.requiredCaller);
    return labelsOf(call, issue);
  }),
  route("issues/remove-all-labels", (call) => {
    setLabels(call.world, call.repository, issueNamed(call), [], call.requiredCaller);
    return noContent;
  }),
];

const labelNamed = ({ repository, path }: Call): Label => labelByName(repository, path["name"] ?? "");

const issueNamed = ({ repository, path }: Call): Issue => issueByNumber(repository, Number(path["issue_number"]));

const labelsOf = ({ world, repository }: Call, issue: Issue): JsonReply =>
  ok([...issue.labels].map((label) => renderLabel(world, repository, label)));

/** The two operations accept the same body; the description of one is a part of the other's. */
const namesIn = (call: Call): readonly string[] => labelNames(typedBody(call, "issues/add-labels").labels) ?? [];
