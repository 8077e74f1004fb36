/**
 * The role a person needs on a repository to call an operation, for tokens without a permission set. Source: GitHub
 * docs, "Repository roles for an organization"; the errors are those seen on github.com.
 */
import type { DescribedOperation } from "../../openapi/description.ts";
import type { OperationPermissions } from "../../openapi/permissions.ts";
import type { Account, Role } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";

/** Writes that need less than the write role. */
const LOWER_ROLES: Readonly<Record<string, Role>> = {
  "issues/create": "read",
  "issues/create-comment": "read",
  "pulls/create": "read",
  "pulls/create-review": "read",
  "pulls/update-review": "read",
  "pulls/submit-review": "read",
  "pulls/delete-pending-review": "read",
  "repos/create-fork": "read",
  // Reviewers of an environment only need to read; the Actions service checks whether the caller is one of them.
  "actions/review-pending-deployments-for-run": "read",
  "issues/update": "triage",
  "issues/add-labels": "triage",
  "issues/set-labels": "triage",
  "issues/remove-label": "triage",
  "issues/remove-all-labels": "triage",
  "issues/add-assignees": "triage",
  "issues/remove-assignees": "triage",
  "pulls/update": "triage",
  "pulls/request-reviewers": "triage",
  "pulls/remove-requested-reviewers": "triage",
};

/** Reads that need more than the read role. */
const HIGHER_ROLES: Readonly<Record<string, Role>> = {
  "repos/list-collaborators": "write",
  "repos/check-collaborator": "write",
  "actions/list-repo-secrets": "write",
  "actions/list-repo-variables": "write",
  "actions/get-repo-variable": "write",
  "actions/list-environment-secrets": "write",
  "actions/list-environment-variables": "write",
};

export function requiredRole(operation: DescribedOperation, requirement: OperationPermissions): Role {
  const special = LOWER_ROLES[operation.id] ?? HIGHER_ROLES[operation.id];
  if (special) return special;
  if (requirement.anyOf.some((set) => "administration" in set)) return "admin";
  return operation.method === "get" ? "read" : "write";
}

/** The author of what the operation changes: authors may change their own work with any role. */
export function contentAuthor(
  operation: string,
  repository: Repository,
  path: Readonly<Record<string, string>>,
): Account | undefined {
  switch (operation) {
    case "issues/update":
      return repository.issues.get(Number(path["issue_number"]))?.author;
    case "pulls/update":
    case "pulls/update-branch":
      return repository.issues.get(Number(path["pull_number"]))?.author;
    case "issues/update-comment":
    case "issues/delete-comment":
      return repository.comments.get(Number(path["comment_id"]))?.author;
    default:
      return undefined;
  }
}

/** Operations that respond with 404 to people who may not use them. */
const HIDDEN =
  /^(repos\/(get|update|delete)-(branch|status-checks)-protection|repos\/(create|update|delete)-repo-ruleset|git\/|repos\/(create-or-update-file-contents|delete-file|merge|create-commit-status|create-deployment|delete-deployment))/;

/** Whether a person without the role gets 404 instead of 403. */
export const hidesExistence = (operation: string): boolean => HIDDEN.test(operation);
