/** Collaborators, their permission level and invitations in REST replies. */
import type { components } from "@octokit/openapi-types";
import type { Invitation } from "../operations/people/collaborators.ts";
import { roleOf } from "../operations/people/repositories.ts";
import type { Account, Role } from "../world/identity.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { nodeId } from "./node-id.ts";
import { renderMinimalRepository, renderPermissions } from "./repository.ts";
import { timestamp } from "./timestamp.ts";
import { pageUrl, repositoryApiUrl } from "./urls.ts";

type Schemas = components["schemas"];

/**
 * GitHub docs, "Get repository permissions for a user": the two roles in between are shown as the base role below them.
 */
const BASE_ROLE = { read: "read", triage: "read", write: "write", maintain: "write", admin: "admin" } as const;

export function renderCollaborator(world: World, repository: Repository, account: Account): Schemas["collaborator"] {
  return {
    ...renderAccount(world, account),
    permissions: renderPermissions(repository, account),
    role_name: roleOf(repository, account) ?? "none",
  };
}

export function renderPermissionLevel(
  world: World,
  repository: Repository,
  account: Account,
  role: Role | undefined,
): Schemas["repository-collaborator-permission"] {
  return {
    permission: role === undefined ? "none" : BASE_ROLE[role],
    role_name: role ?? "none",
    user: renderCollaborator(world, repository, account),
  };
}

export function renderInvitation(
  world: World,
  repository: Repository,
  invitation: Invitation,
): Schemas["repository-invitation"] {
  return {
    id: invitation.id,
    node_id: nodeId("invitation", invitation.id, repository.id),
    repository: renderMinimalRepository(world, repository),
    invitee: renderAccount(world, invitation.invitee),
    inviter: renderAccount(world, invitation.inviter),
    permissions: invitation.role,
    created_at: timestamp(invitation.createdAt),
    expired: false,
    url: repositoryApiUrl(world, repository, `invitations/${invitation.id}`),
    html_url: pageUrl(world, `${repository.fullName}/invitations`),
  };
}
