/** The dependency caches of a repository. */
import { deleteCache, deleteCaches, liveCaches } from "../../operations/runs/caches.ts";
import { renderCache } from "../../render/artifacts.ts";
import type { CacheEntry } from "../../world/actions.ts";
import { list, noContent, ok, type Route, route } from "../route.ts";

const SORT_KEYS = {
  created_at: (entry: CacheEntry) => entry.createdAt.getTime(),
  last_accessed_at: (entry: CacheEntry) => entry.lastAccessedAt.getTime(),
  size_in_bytes: (entry: CacheEntry) => entry.size,
} as const;

export const cacheRoutes: readonly Route[] = [
  route("actions/get-actions-cache-list", ({ world, repository, query }) => {
    const { ref, key, sort, direction } = query;
    const keyOf = SORT_KEYS[sort as keyof typeof SORT_KEYS];
    const found = liveCaches(world, repository)
      .filter((entry) => (ref === undefined || entry.ref === ref) && (key === undefined || entry.key.startsWith(key)))
      .toSorted((one, other) => keyOf(one) - keyOf(other) || one.id - other.id);
    return list(direction === "asc" ? found : found.toReversed(), renderCache, "actions_caches");
  }),

  route("actions/get-actions-cache-usage", ({ world, repository }) => {
    const caches = liveCaches(world, repository);
    return ok({
      full_name: repository.fullName,
      active_caches_size_in_bytes: caches.reduce((sum, entry) => sum + entry.size, 0),
      active_caches_count: caches.length,
    });
  }),

  route("actions/delete-actions-cache-by-key", ({ world, repository, query }) => {
    const deleted = deleteCaches(world, repository, query["key"] ?? "", query["ref"]);
    return list(deleted, renderCache, "actions_caches");
  }),

  route("actions/delete-actions-cache-by-id", ({ repository, path }) => {
    deleteCache(repository, Number(path["cache_id"]));
    return noContent;
  }),
];
