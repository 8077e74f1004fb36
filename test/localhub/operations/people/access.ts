/** What a caller may do beyond reading: the person's role, narrowed or replaced by the token's permissions. */
import type { Caller } from "../../world/caller.ts";
import type { Account, PermissionName, Role } from "../../world/identity.ts";
import { roleAtLeast } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { Token } from "../../world/tokens.ts";
import { roleOf } from "./repositories.ts";

/**
 * People need the role. Jobs and apps have none: their token's permission counts. A fine-grained token needs both.
 * @param permission The REST permission that gives the same right to tokens.
 */
export function hasPermission(repository: Repository, caller: Caller, role: Role, permission: PermissionName): boolean {
  const { token } = caller;
  const hasRole = roleAtLeast(roleOf(repository, caller.actor), role);
  if (token?.permissions === undefined) return hasRole;
  const granted = tokenMay(repository, token, permission);
  return token.app === undefined ? granted && hasRole : granted;
}

/** May push commits to the repository. */
export const mayPush = (repository: Repository, caller: Caller): boolean =>
  hasPermission(repository, caller, "write", "contents");

/** May label, assign, close and edit issues and pull requests of others. */
export const mayTriage = (repository: Repository, caller: Caller): boolean =>
  hasPermission(repository, caller, "triage", "issues") || hasPermission(repository, caller, "triage", "pull_requests");

/** Whether the account is the owner, a collaborator or in a team of the repository: more than being able to read it. */
export function isCollaborator(repository: Repository, account: Account): boolean {
  return (
    repository.owner === account ||
    repository.collaborators.has(account) ||
    [...repository.teams.keys()].some((team) => team.members.has(account))
  );
}

function tokenMay(repository: Repository, token: Token, permission: PermissionName): boolean {
  if (token.repository !== undefined && token.repository !== repository) return false;
  const access = token.permissions?.[permission];
  return access === "write" || access === "admin";
}
