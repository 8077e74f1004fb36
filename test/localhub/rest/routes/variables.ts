/** Variables, the names of secrets, and the default permissions of `GITHUB_TOKEN`. */
import { environmentByName } from "../../operations/deployments/environments.ts";
import { createVariable, deleteVariable, existingName, updateVariable } from "../../operations/people/variables.ts";
import { renderSecret, renderVariable } from "../../render/variables.ts";
import type { NamedValues } from "../../world/named-values.ts";
import { type Call, created, type ListReply, list, noContent, ok, type Route, route } from "../route.ts";

export const variableRoutes: readonly Route[] = [
  route("actions/list-repo-variables", ({ repository }) => listVariables(repository.actions.variables)),
  route("actions/list-environment-variables", (call) => listVariables(environmentOf(call).variables)),
  route("actions/list-repo-secrets", ({ repository }) => listSecrets(repository.actions.secrets)),
  route("actions/list-environment-secrets", (call) => listSecrets(environmentOf(call).secrets)),

  route("actions/get-repo-variable", ({ repository, path }) => {
    const { variables } = repository.actions;
    return ok(renderVariable(variables, existingName(variables, path["name"] ?? "")));
  }),

  route("actions/create-repo-variable", ({ repository, body }) => {
    createVariable(repository.actions.variables, String(body["name"]), String(body["value"]));
    return created({});
  }),

  route("actions/update-repo-variable", ({ repository, path, body }) => {
    updateVariable(repository.actions.variables, path["name"] ?? "", {
      name: text(body["name"]),
      value: text(body["value"]),
    });
    return noContent;
  }),

  route("actions/delete-repo-variable", ({ repository, path }) => {
    deleteVariable(repository.actions.variables, path["name"] ?? "");
    return noContent;
  }),

  route("actions/get-github-actions-default-workflow-permissions-repository", ({ repository }) =>
    ok({
      default_workflow_permissions: repository.actions.defaultPermissions,
      can_approve_pull_request_reviews: repository.actions.canApprovePullRequests,
    }),
  ),

  route("actions/set-github-actions-default-workflow-permissions-repository", ({ repository, body }) => {
    const { actions } = repository;
    const permissions = body["default_workflow_permissions"];
    if (permissions === "read" || permissions === "write") actions.defaultPermissions = permissions;
    const approves = body["can_approve_pull_request_reviews"];
    if (typeof approves === "boolean") actions.canApprovePullRequests = approves;
    return noContent;
  }),
];

const environmentOf = ({ repository, path }: Call) => environmentByName(repository, path["environment_name"] ?? "");

const listVariables = (variables: NamedValues): ListReply =>
  list([...variables.keys()].toSorted(), (name) => renderVariable(variables, name), "variables");

const listSecrets = (secrets: NamedValues): ListReply =>
  list([...secrets.keys()].toSorted(), (name) => renderSecret(secrets, name), "secrets");

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
