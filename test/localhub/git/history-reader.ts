/**
 * Reads history without starting git where possible: what is behind a SHA never changes (nothing here collects garbage
 * or replaces objects), and most commits are direct children of the commit they are compared with.
 */
import { diffTrees } from "./diff.ts";
import type { Commit, GitRepository, LogOptions } from "./git-repository.ts";
import { isAncestor, listCommits, mergeBase, mergeTree } from "./history.ts";
import { memoizeAsync } from "./memoize-async.ts";

export type HistoryReader = Pick<GitRepository, "mergeBase" | "isAncestor" | "log" | "diff" | "mergeTree">;

/** Mostly a few bytes each. */
const MAX_CACHED_SHORT_RESULTS = 1_000;
/** Diffs contain the text of their patches. */
const MAX_CACHED_DIFFS = 50;

const areShas = (...names: readonly (string | undefined)[]): boolean =>
  names.every((name) => name === undefined || /^[0-9a-f]{40}$/.test(name));

/** @param commit Reads a commit by its full SHA. */
export function createHistoryReader(
  directory: string,
  commit: (sha: string) => Promise<Commit | undefined>,
): HistoryReader {
  const cached = {
    mergeBase: memoizeAsync(MAX_CACHED_SHORT_RESULTS, (one = "", other = "") => mergeBase(directory, one, other)),
    isAncestor: memoizeAsync(MAX_CACHED_SHORT_RESULTS, (one = "", other = "") => isAncestor(directory, one, other)),
    log: memoizeAsync(MAX_CACHED_SHORT_RESULTS, (head = "", options = "{}") =>
      listCommits(directory, head, JSON.parse(options)),
    ),
    diff: memoizeAsync(MAX_CACHED_DIFFS, (base = "", head = "") => diffTrees(directory, base, head)),
    mergeTree: memoizeAsync(MAX_CACHED_SHORT_RESULTS, (ours = "", theirs = "") => mergeTree(directory, ours, theirs)),
  };

  /** Whether the commit exists, and is the other one or has it as a parent. */
  async function isSameOrChild(sha: string, other: string): Promise<boolean> {
    const found = await commit(sha);
    return found !== undefined && (sha === other || found.parents.includes(other));
  }

  async function shasOf(head: string, options: LogOptions): Promise<readonly string[]> {
    const { base, path, limit } = options;
    if (!areShas(head, base)) return listCommits(directory, head, options);
    if (base !== undefined && path === undefined && limit !== 0) {
      const found = await commit(head);
      if (found && head === base) return [];
      if (found?.parents.length === 1 && found.parents[0] === base) return [head];
    }
    return cached.log(head, JSON.stringify({ base, path, limit }));
  }

  return {
    async mergeBase(one, other) {
      if (await isSameOrChild(other, one)) return one;
      if (await isSameOrChild(one, other)) return other;
      return areShas(one, other) ? cached.mergeBase(one, other) : mergeBase(directory, one, other);
    },
    async isAncestor(ancestor, descendant) {
      if (await isSameOrChild(descendant, ancestor)) return true;
      return areShas(ancestor, descendant)
        ? cached.isAncestor(ancestor, descendant)
        : isAncestor(directory, ancestor, descendant);
    },
    async log(head, options = {}) {
      return (await Promise.all((await shasOf(head, options)).map(commit))).filter((one) => one !== undefined);
    },
    diff: (base, head) => (areShas(base, head) ? cached.diff(base, head) : diffTrees(directory, base, head)),
    mergeTree: (ours, theirs) =>
      areShas(ours, theirs) ? cached.mergeTree(ours, theirs) : mergeTree(directory, ours, theirs),
  };
}
