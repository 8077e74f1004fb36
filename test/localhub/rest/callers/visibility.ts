/** Which repositories a caller may see. */
import { roleOf } from "../../operations/people/repositories.ts";
import { notFound } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

/** The repository, if the caller may see it. @throws ApiError 404 otherwise: GitHub does not show that it exists. */
export function visibleRepository(world: World, caller: Caller | undefined, owner: string, name: string): Repository {
  const repository = world.repositories.get(`${owner}/${name}`.toLowerCase());
  if (!repository || !maySee(repository, caller)) throw notFound();
  return repository;
}

/** Whether the caller may see the repository. */
export function maySee(repository: Repository, caller: Caller | undefined): boolean {
  if (!repository.private) return true;
  if (!caller) return false;
  const { token } = caller;
  // A token for one repository sees no other private one; an app sees where it is installed, whatever its bot's role.
  if (token?.repository && token.repository !== repository) return false;
  return token?.app !== undefined || roleOf(repository, caller.actor) !== undefined;
}
