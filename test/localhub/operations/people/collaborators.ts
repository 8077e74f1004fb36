/** Who may do what in a repository, person by person. */

import { validationFailed } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Account, Role } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { isCollaborator } from "./access.ts";

/** The roles by the names that REST requests use. */
const ROLE_BY_PERMISSION: Readonly<Record<string, Role>> = {
  pull: "read",
  triage: "triage",
  push: "write",
  maintain: "maintain",
  admin: "admin",
};

/** An invitation of a new collaborator. It counts as accepted as soon as it is sent. */
export interface Invitation {
  readonly id: number;
  readonly invitee: Account;
  readonly inviter: Account;
  readonly role: Role;
  readonly createdAt: Date;
}

/**
 * @param permission `pull`, `triage`, `push`, `maintain` or `admin`; in a person's own repository everyone gets `push`.
 * @returns The invitation, or `undefined` when the account had access already.
 * @throws ApiError 422
 */
export function addCollaborator(
  world: World,
  repository: Repository,
  account: Account,
  permission: string,
  caller: Caller,
): Invitation | undefined {
  if (repository.owner === account) {
    const message = "Repository owner cannot be a collaborator";
    throw validationFailed({ resource: "Repository", code: "custom", message });
  }
  const role = repository.owner.kind === "Organization" ? ROLE_BY_PERMISSION[permission] : "write";
  if (role === undefined) {
    throw validationFailed({ resource: "Collaborator", code: "invalid", field: "permission" });
  }
  const hadAccess = isCollaborator(repository, account);
  repository.collaborators.set(account, role);
  if (hadAccess) return undefined;
  return { id: world.nextId(), invitee: account, inviter: caller.actor, role, createdAt: world.clock.now() };
}

/** Removes the person's own role, and the person as assignee of issues; access through a team stays. */
export function removeCollaborator(repository: Repository, account: Account): void {
  repository.collaborators.delete(account);
  if (isCollaborator(repository, account)) return;
  for (const issue of repository.issues.values()) issue.assignees.delete(account);
}

/** Everyone with more access than the public: the owner, collaborators and members of its teams. */
export function collaboratorsOf(repository: Repository): readonly Account[] {
  const owner = repository.owner.kind === "User" ? [repository.owner] : [];
  const members = [...repository.teams.keys()].flatMap((team) => [...team.members]);
  return [...new Set([...owner, ...repository.collaborators.keys(), ...members])];
}
