/** The fields that every payload has in addition to its own: where it happened and who did it. */
import { renderAccount } from "../render/account.ts";
import { renderRepository } from "../render/repository.ts";
import { renderOrganizationSummary } from "../render/team.ts";
import type { Account } from "../world/identity.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";

export function renderCommonFields(world: World, repository: Repository, sender: Account) {
  return { ...renderRepositoryFields(world, repository), sender: renderAccount(world, sender) };
}

/** The repository, and its organisation when it has one. */
export function renderRepositoryFields(world: World, repository: Repository) {
  const { owner } = repository;
  return {
    repository: renderRepository(world, repository),
    ...(owner.kind === "Organization" && { organization: renderOrganizationSummary(world, owner) }),
  };
}
