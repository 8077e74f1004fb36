/** Repositories that are forks of one another. On GitHub they share one store of objects. */
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

/** The repository that all others of the network were forked from. */
export function rootOf(repository: Repository): Repository {
  return repository.forkOf === undefined ? repository : rootOf(repository.forkOf);
}

/** All repositories of the network, the repository itself among them. */
export function networkOf(world: World, repository: Repository): readonly Repository[] {
  const root = rootOf(repository);
  return [...world.repositories.values()].filter((one) => rootOf(one) === root);
}

/** The direct forks, newest first. */
export function forksOf(world: World, repository: Repository): readonly Repository[] {
  return [...world.repositories.values()].filter(({ forkOf }) => forkOf === repository).toReversed();
}
