/** Who may do what in a repository, person by person. */

import { validationFailed } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Account, Role } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { isCollaborator } from "./access.ts";

/** The names that REST requests use for roles; the others are called the same in both. */
const ROLE_BY_PERMISSION: Readonly<Record<string, Role>> = {
  pull: "read",
  triage: "triage",
  push: "write",
  maintain: "maintain",
  admin: "admin",
};

/** An invitation of somebody new. Nobody has an inbox here: it is accepted as soon as it is sent. */
export interface Invitation {
  readonly id: number;
  readonly invitee: Account;
  readonly inviter: Account;
  readonly role: Role;
  readonly createdAt: Date;
}

/**
 * @param permission `pull`, `triage`, `push`, `maintain` or `admin`; in a person's own repository everybody gets `push`.
 * @returns The invitation, or `undefined` when it was somebody who had access already.
 * @throws Refusal 422
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
  const known = isCollaborator(repository, account);
  repository.collaborators.set(account, role);
  if (known) return undefined;
  return { id: world.nextId(), invitee: account, inviter: caller.actor, role, createdAt: world.clock.now() };
}

/** Takes the person's own role away, and the person off issues; access through a team stays. */
export function removeCollaborator(repository: Repository, account: Account): void {
  repository.collaborators.delete(account);
  if (isCollaborator(repository, account)) return;
  for (const issue of repository.issues.values()) issue.assignees.delete(account);
}

/** Everybody with access beyond what the public has: the owner, collaborators and members of its teams. */
export function collaboratorsOf(repository: Repository): readonly Account[] {
  const owner = repository.owner.kind === "User" ? [repository.owner] : [];
  const members = [...repository.teams.keys()].flatMap((team) => [...team.members]);
  return [...new Set([...owner, ...repository.collaborators.keys(), ...members])];
}
