/** Whether the caller may call the operation at all. Finer rules, such as whose review it is, are in the operations. */
import type { DescribedOperation } from "../../openapi/description.ts";
import { type OperationPermissions, type PermissionSet, permissionsOfOperation } from "../../openapi/permissions.ts";
import { roleOf } from "../../operations/people/repositories.ts";
import { notFound } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import { type Permissions, roleAtLeast } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { Token } from "../../world/tokens.ts";
import type { World } from "../../world/world.ts";
import { RestApiError } from "../http/errors.ts";
import type { Match } from "../http/matcher.ts";
import { contentAuthor, hidesExistence, requiredRole } from "./role-rules.ts";
import { visibleRepository } from "./visibility.ts";

/** Permissions that nobody needs for reads of a public repository. */
const PUBLIC = new Set([
  "metadata",
  "contents",
  "issues",
  "pull_requests",
  "checks",
  "statuses",
  "actions",
  "deployments",
  "attestations",
]);

/** Reads of public repositories that still need a signed-in caller. */
const SIGNED_IN = new Set([
  "repos/list-collaborators",
  "repos/check-collaborator",
  "repos/get-collaborator-permission-level",
  "actions/download-artifact",
  "actions/download-job-logs-for-workflow-run",
  "actions/download-workflow-run-logs",
  "actions/download-workflow-run-attempt-logs",
  "actions/get-pending-deployments-for-run",
  "users/get-authenticated",
]);

/** @throws ApiError 401, 403 or 404, GitHub's responses to a caller without the right. */
export function authorize(world: World, caller: Caller | undefined, match: Match): void {
  const { operation, path } = match;
  const requirement = permissionsOfOperation(operation.id);
  const repository = path["repo"] === undefined ? undefined : repositoryOf(world, caller, path);
  if (!caller) {
    if (isPublicRead(operation, requirement, repository)) return;
    throw new RestApiError(401, "Requires authentication");
  }
  if (requirement.appOnly && !caller.token?.app) throw new RestApiError(403, "You must authenticate via a GitHub App.");
  if (caller.token?.permissions) authorizeToken(caller.token, operation, requirement, repository);
  if (!caller.token?.app) authorizePerson(world, caller, match, requirement, repository);
}

const repositoryOf = (world: World, caller: Caller | undefined, path: Match["path"]): Repository =>
  visibleRepository(world, caller, path["owner"] ?? "", path["repo"] ?? "");

function isPublicRead(
  operation: DescribedOperation,
  requirement: OperationPermissions,
  repository?: Repository,
): boolean {
  if (operation.method !== "get" || SIGNED_IN.has(operation.id) || repository?.private) return false;
  if (requirement.anyOf.length === 0) return true;
  return requirement.anyOf.some((set) => Object.keys(set).every((name) => PUBLIC.has(name)));
}

function authorizeToken(
  token: Token,
  operation: DescribedOperation,
  requirement: OperationPermissions,
  repository: Repository | undefined,
): void {
  const covers = token.repository === undefined || repository === undefined || token.repository === repository;
  const granted =
    requirement.anyOf.length === 0 || requirement.anyOf.some((set) => grants(token.permissions ?? {}, set));
  if (!(requirement.personOnly && token.app) && covers && granted) return;
  if (isPublicRead(operation, requirement, repository)) return;
  const kind = token.app ? "integration" : "personal access token";
  throw new RestApiError(403, `Resource not accessible by ${kind}`, {
    headers: { "x-accepted-github-permissions": requirement.header },
  });
}

/** Every token with any permission can also read metadata. */
function grants(granted: Permissions, required: PermissionSet): boolean {
  return Object.entries(required).every(([name, access]) => {
    const has = granted[name] ?? (name === "metadata" ? "read" : undefined);
    return access === "read" ? has !== undefined : has === "write" || has === "admin";
  });
}

function authorizePerson(
  world: World,
  caller: Caller,
  { operation, path }: Match,
  requirement: OperationPermissions,
  repository: Repository | undefined,
): void {
  if (repository) {
    const role = requiredRole(operation, requirement);
    if (roleAtLeast(roleOf(repository, caller.actor), role)) return;
    if (contentAuthor(operation.id, repository, path) === caller.actor) return;
    if (hidesExistence(operation.id)) throw notFound();
    throw new RestApiError(403, missingRoleMessage(operation));
  }
  const organizationAdmin = requirement.anyOf.some((set) => "organization_self_hosted_runners" in set);
  if (organizationAdmin && !ownsOrganization(world, caller, path["org"] ?? "")) {
    throw new RestApiError(403, "Must have admin rights to Organization.");
  }
}

const missingRoleMessage = (operation: DescribedOperation): string =>
  operation.method === "get" && operation.path.includes("/collaborators")
    ? "Must have push access to view repository collaborators."
    : "Must have admin rights to Repository.";

/** Organisations have no roles here: their administrators are the members of their team `owners`, and site admins. */
function ownsOrganization(world: World, { actor }: Caller, organization: string): boolean {
  const owners = world.teams.get(`${organization}/owners`.toLowerCase());
  return (
    actor.siteAdmin || actor.login.toLowerCase() === organization.toLowerCase() || (owners?.members.has(actor) ?? false)
  );
}
