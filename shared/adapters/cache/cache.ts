/** Files that a later run may find again: what a cache can say of them, and what callers must say before they trust it. */
import type { FileDigest } from "../files/workspace-files.ts";

export interface Cache {
  /** An entry is never overwritten. Nothing here throws because the service does not work: a cache is a convenience. */
  save(entry: CacheEntry): Promise<SaveOutcome>;
  /** Into paths at which nothing is yet, so that nothing old can be among what was restored. */
  restore(query: CacheQuery): Promise<RestoreOutcome>;
}

export interface CacheEntry {
  /** At most 512 characters, without a comma. */
  readonly key: string;
  /**
   * Files and folders of the workspace, links included as links. An entry is found again by the same paths only, written in
   * the same way.
   */
  readonly paths: readonly string[];
}

export interface CacheQuery extends CacheEntry {
  /** Where there is no entry of exactly this key, the newest one is taken whose key begins with the first of these, and so on. */
  readonly prefixes: readonly string[];
  readonly trust: CacheTrust;
}

/** Why it may be used. There is no restoring without one of them. */
export type CacheTrust =
  /** It must be exactly these files. */
  | { readonly kind: "digests"; readonly files: readonly FileDigest[] }
  /** Every run that could have written it is trusted with what is done with it. */
  | { readonly kind: "writers"; readonly because: string };

export type SaveOutcome =
  | { readonly kind: "saved" }
  /** There is an entry of this key, or another job is writing it at the moment. */
  | { readonly kind: "exists" }
  /** The job's token may not write, as in a run that a fork could have started. */
  | { readonly kind: "read-only"; readonly reason: string }
  /** The service does not work, or is not there, or did not say that it has it. */
  | { readonly kind: "unavailable"; readonly reason: string };

export type RestoreOutcome =
  | { readonly kind: "restored"; readonly key: string; readonly exact: boolean }
  | { readonly kind: "missing"; readonly reason: string }
  /** It was not what it should be, and has been removed again. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "unavailable"; readonly reason: string };
