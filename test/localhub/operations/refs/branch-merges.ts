/** Merging one branch into another without a pull request. */

import { ApiError } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { gitIdentityOf, serverGitIdentity } from "../git/git-identity.ts";
import { moveRef } from "./refs.ts";

export interface BranchMerge {
  /** The target branch of the merge. */
  readonly base: string;
  /** A branch or a SHA. */
  readonly head: string;
  readonly message?: string | undefined;
}

/**
 * Creates a merge commit on `base`. Returns its SHA; `undefined` when `base` contains all of `head` already.
 * @throws ApiError 404 for a missing side, 409 for a conflict, and as {@link moveRef} does.
 */
export async function mergeBranch(
  world: World,
  repository: Repository,
  merge: BranchMerge,
  caller: Caller,
): Promise<string | undefined> {
  const { git } = repository;
  const ref = `refs/heads/${merge.base}`;
  const base = (await git.ref(ref))?.sha;
  if (base === undefined) throw new ApiError(404, "Base does not exist");
  const head = await git.resolve(merge.head);
  if (head === undefined) throw new ApiError(404, "Head does not exist");
  if (await git.isAncestor(head, base)) return undefined;
  const merged = await git.mergeTree(base, head);
  if (!merged.clean) throw new ApiError(409, "Merge conflict");
  const sha = await git.writeCommit({
    tree: merged.tree,
    parents: [base, head],
    author: gitIdentityOf(world, caller.actor),
    committer: serverGitIdentity(world),
    message: merge.message ?? `Merge ${merge.head} into ${merge.base}`,
  });
  await moveRef(world, repository, { ref, sha, expected: base }, caller);
  return sha;
}
