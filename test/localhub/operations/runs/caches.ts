/** The cache entries of a repository: lookup, eviction, deletion. */
import { rmSync } from "node:fs";
import type { CacheEntry } from "../../world/actions.ts";
import { notFound } from "../../world/api-error.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

export interface CacheLimits {
  /** Of all entries of a repository together. */
  readonly bytes: number;
  readonly unusedDays: number;
}

/** GitHub docs, "Usage limits and eviction policy": 10 GB a repository, entries unused for 7 days are deleted. */
export const GITHUB_CACHE_LIMITS: CacheLimits = { bytes: 10 * 1024 ** 3, unusedDays: 7 };

/** What a lookup tries, in this order: every ref with every key. */
export interface CacheQuery {
  readonly refs: readonly string[];
  /** The primary key first, then the restore keys. */
  readonly keys: readonly string[];
  readonly version: string;
}

/** The existing entries, oldest first. Deletes those that were unused for too long. */
export function liveCaches(world: World, repository: Repository, limits = GITHUB_CACHE_LIMITS): readonly CacheEntry[] {
  const oldest = world.clock.now().getTime() - limits.unusedDays * 86_400_000;
  for (const entry of repository.actions.caches.values())
    if (entry.lastAccessedAt.getTime() < oldest) drop(repository, entry);
  return [...repository.actions.caches.values()];
}

/** The entry of exactly that key, version and ref. */
export function findCache(
  world: World,
  repository: Repository,
  query: { readonly key: string; readonly version: string; readonly ref: string },
): CacheEntry | undefined {
  return liveCaches(world, repository).find(
    (entry) => entry.key === query.key && entry.version === query.version && entry.ref === query.ref,
  );
}

/**
 * The entry that a restore gets; this counts as an access. GitHub docs, "Cache key matching": on each ref in turn the
 * exact key, then the newest entry whose key starts with the key, then the same for each restore key.
 */
export function readCache(world: World, repository: Repository, query: CacheQuery): CacheEntry | undefined {
  const [primary = ""] = query.keys;
  const entries = liveCaches(world, repository).filter((entry) => entry.version === query.version);
  for (const ref of query.refs) {
    const scoped = entries.filter((entry) => entry.ref === ref);
    const found =
      scoped.find((entry) => entry.key === primary) ??
      query.keys
        .map((prefix) => scoped.findLast((entry) => entry.key.startsWith(prefix)))
        .find((entry) => entry !== undefined);
    if (found === undefined) continue;
    found.lastAccessedAt = world.clock.now();
    return found;
  }
  return undefined;
}

/** Adds an uploaded entry, then evicts the least recently used ones until the repository is within its limit. */
export function addCache(
  world: World,
  repository: Repository,
  entry: Pick<CacheEntry, "key" | "version" | "ref" | "size" | "file">,
  limits = GITHUB_CACHE_LIMITS,
): CacheEntry {
  const now = world.clock.now();
  const added: CacheEntry = { ...entry, id: world.nextId(), createdAt: now, lastAccessedAt: now };
  repository.actions.caches.set(added.id, added);
  const others = liveCaches(world, repository, limits)
    .filter((other) => other !== added)
    .toSorted((one, other) => one.lastAccessedAt.getTime() - other.lastAccessedAt.getTime());
  let total = others.reduce((sum, other) => sum + other.size, added.size);
  for (const other of others) {
    if (total <= limits.bytes) break;
    total -= other.size;
    drop(repository, other);
  }
  return added;
}

/** Deletes every entry of exactly that key, on one ref or on all. @throws ApiError 404 when there is none. */
export function deleteCaches(
  world: World,
  repository: Repository,
  key: string,
  ref: string | undefined,
): readonly CacheEntry[] {
  const deleted = liveCaches(world, repository).filter(
    (entry) => entry.key === key && (ref === undefined || entry.ref === ref),
  );
  if (deleted.length === 0) throw notFound();
  for (const entry of deleted) drop(repository, entry);
  return deleted;
}

/** @throws ApiError 404 when there is no such entry. */
export function deleteCache(repository: Repository, id: number): void {
  const entry = repository.actions.caches.get(id);
  if (entry === undefined) throw notFound();
  drop(repository, entry);
}

function drop(repository: Repository, entry: CacheEntry): void {
  repository.actions.caches.delete(entry.id);
  rmSync(entry.file, { force: true });
}
