/** How commits are related. */
import type { LogOptions, MergeResult } from "./git-repository.ts";
import { gitLines, runGit } from "./run-git.ts";

export async function mergeBase(directory: string, one: string, other: string): Promise<string | undefined> {
  const [base] = await gitLines(directory, ["merge-base", one, other], { codes: [0, 1] });
  return base;
}

export async function isAncestor(directory: string, ancestor: string, descendant: string): Promise<boolean> {
  if (ancestor === descendant) return true;
  const { code } = await runGit(directory, ["merge-base", "--is-ancestor", ancestor, descendant], { codes: [0, 1] });
  return code === 0;
}

/** SHAs of the commits reachable from `head` and not from `base`, newest first. */
export function listCommits(directory: string, head: string, options: LogOptions): Promise<string[]> {
  return gitLines(directory, [
    "rev-list",
    ...(options.limit === undefined ? [] : [`--max-count=${options.limit}`]),
    head,
    ...(options.base === undefined ? [] : [`^${options.base}`]),
    "--",
    // Taken literally: no globs, no `:(magic)`.
    ...(options.path ? [`:(top,literal)${options.path}`] : []),
  ]);
}

/** Merges two commits without a work tree; commits with no common history never merge. */
export async function mergeTree(directory: string, ours: string, theirs: string): Promise<MergeResult> {
  if ((await mergeBase(directory, ours, theirs)) === undefined) return { clean: false, conflicts: [] };
  const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs];
  const { code, stdout } = await runGit(directory, args, { codes: [0, 1] });
  const [tree = "", ...conflicts] = stdout.toString().split("\0").filter(Boolean);
  return code === 0 ? { clean: true, tree } : { clean: false, conflicts };
}
