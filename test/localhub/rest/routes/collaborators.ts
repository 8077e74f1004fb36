/** Collaborators and what they may do. */
import { isCollaborator } from "../../operations/people/access.ts";
import { accountByLogin, membersOf } from "../../operations/people/account-lookup.ts";
import { addCollaborator, collaboratorsOf, removeCollaborator } from "../../operations/people/collaborators.ts";
import { roleOf } from "../../operations/people/repositories.ts";
import { renderCollaborator, renderInvitation, renderPermissionLevel } from "../../render/collaborators.ts";
import { renderPermissions } from "../../render/repository.ts";
import { notFound } from "../../world/api-error.ts";
import type { Account } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { type Call, created, list, noContent, ok, type Route, route } from "../route.ts";

export const collaboratorRoutes: readonly Route[] = [
  route("repos/list-collaborators", ({ world, repository, query }) => {
    const { permission, affiliation } = query;
    const shown = collaboratorsOf(repository).filter(
      (account) =>
        (permission === undefined || may(repository, account, permission)) &&
        isAffiliated(world, repository, account, affiliation),
    );
    return list(shown, (account) => renderCollaborator(world, repository, account));
  }),

  route("repos/check-collaborator", (call) => {
    if (!isCollaborator(call.repository, named(call))) throw notFound();
    return noContent;
  }),

  route("repos/get-collaborator-permission-level", (call) => {
    const account = named(call);
    return ok(renderPermissionLevel(call.world, call.repository, account, roleOf(call.repository, account)));
  }),

  route("repos/add-collaborator", (call) => {
    const { world, repository, body, requiredCaller: caller } = call;
    const permission = String(body["permission"] ?? "push");
    const invitation = addCollaborator(world, repository, named(call), permission, caller);
    return invitation ? created(renderInvitation(world, repository, invitation)) : noContent;
  }),

  route("repos/remove-collaborator", (call) => {
    removeCollaborator(call.repository, named(call));
    return noContent;
  }),
];

const named = ({ world, path }: Call): Account => accountByLogin(world, path["username"] ?? "");

function may(repository: Repository, account: Account, permission: string): boolean {
  return renderPermissions(repository, account)[permission as "admin" | "maintain" | "push" | "triage" | "pull"];
}

/** `direct`: collaborators of the repository itself; `outside`: those of them who are not in its organisation. */
function isAffiliated(world: World, repository: Repository, account: Account, affiliation: string | undefined) {
  if (affiliation !== "direct" && affiliation !== "outside") return true;
  if (!repository.collaborators.has(account)) return false;
  return affiliation === "direct" || !membersOf(world, repository.owner).has(account);
}
