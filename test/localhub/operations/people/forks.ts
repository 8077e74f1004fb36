/** Forking at the request of a person. */

import { ApiError, validationFailed } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Account } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { forksOf, rootOf } from "./networks.ts";
import { forkRepository } from "./repositories.ts";

export interface ForkRequest {
  /** The organisation that will own it; the caller by default. */
  readonly organization?: string | undefined;
  readonly name?: string | undefined;
  readonly defaultBranchOnly?: boolean | undefined;
}

/**
 * Creates the fork, or returns the one that the owner has already: an account has one fork of a network.
 * @throws ApiError 403 for apps and for one's own repository, 422 for an unknown organisation or a taken name.
 */
export async function createFork(
  world: World,
  repository: Repository,
  request: ForkRequest,
  caller: Caller,
): Promise<Repository> {
  if (caller.token?.app) throw new ApiError(403, "Resource not accessible by integration");
  const owner = request.organization === undefined ? caller.actor : organizationOf(world, request.organization);
  if (repository.owner === owner || rootOf(repository).owner === owner)
    throw new ApiError(403, "You cannot fork a repository into the account that owns it.");
  const existing = forksOf(world, repository).find((fork) => fork.owner === owner);
  if (existing) return existing;
  const name = request.name ?? repository.name;
  if (world.repositories.has(`${owner.login}/${name}`.toLowerCase()))
    throw validationFailed({
      resource: "Repository",
      code: "custom",
      field: "name",
      message: "name already exists on this account",
    });
  return forkRepository(world, repository, owner, { name, defaultBranchOnly: request.defaultBranchOnly ?? false });
}

function organizationOf(world: World, login: string): Account {
  const account = world.accounts.get(login.toLowerCase());
  if (account?.kind !== "Organization")
    throw validationFailed({ resource: "Fork", code: "invalid", field: "organization" });
  return account;
}
