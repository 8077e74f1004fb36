/**
 * The second path of everything in a repository: `/repositories/{id}/…`. GitHub's own links between pages use it, so
 * that they still work after a rename; clients that only follow links do not notice the difference.
 */
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

/** The path with the repository by name instead of by id; unchanged when it has no id, or no repository has that id. */
export function pathByName(world: World, pathname: string): string {
  const [, id, rest = ""] = /^\/repositories\/(\d+)(\/.*)?$/.exec(pathname) ?? [];
  if (id === undefined) return pathname;
  const repository = [...world.repositories.values()].find((one) => one.id === Number(id));
  return repository ? `/repos/${repository.fullName}${rest}` : pathname;
}

/** The same URL with the repository by id. */
export function urlById(url: URL, repository: Repository): URL {
  const byId = new URL(url);
  byId.pathname = url.pathname.replace(/\/repos\/[^/]+\/[^/]+/, `/repositories/${repository.id}`);
  return byId;
}
