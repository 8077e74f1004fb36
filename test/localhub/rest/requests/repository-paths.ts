/**
 * The second address of everything in a repository: `/repositories/{id}/…`. GitHub's own links between pages use it, so
 * that they outlive a rename; clients that follow links without reading them never notice.
 */
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

/** The path with the repository named, when it was given by id; the path itself otherwise, or when nobody has that id. */
export function pathByName(world: World, pathname: string): string {
  const [, id, rest = ""] = /^\/repositories\/(\d+)(\/.*)?$/.exec(pathname) ?? [];
  if (id === undefined) return pathname;
  const repository = [...world.repositories.values()].find((known) => known.id === Number(id));
  return repository ? `/repos/${repository.fullName}${rest}` : pathname;
}

/** The same address with the repository given by id. */
export function urlById(url: URL, repository: Repository): URL {
  const byId = new URL(url);
  byId.pathname = url.pathname.replace(/\/repos\/[^/]+\/[^/]+/, `/repositories/${repository.id}`);
  return byId;
}
