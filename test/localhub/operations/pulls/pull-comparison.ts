/**
 * Compares a pull request with git: can it be merged, what does it change. Computed on demand, cached until a side
 * moves.
 */
import type { GitRepository } from "../../git/git-repository.ts";
import { runExclusive } from "../../git/mutex.ts";
import type { PullComparison } from "../../world/pulls.ts";
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { gitIdentityOf, serverGitIdentity } from "../git/git-identity.ts";

/** The base branch's commit; `undefined` once the branch was deleted. */
export const baseTipOf = async (pull: PullRequest): Promise<string | undefined> =>
  (await pull.base.git.ref(`refs/heads/${pull.baseRef}`))?.sha;

/**
 * Updates `comparison`, `mergeable` and `refs/pull/N/merge` to the current base and head. Closed and merged pull
 * requests keep their last values, as on GitHub.
 */
export function comparePull(world: World, pull: PullRequest): Promise<PullComparison | undefined> {
  return runExclusive(pull, async () => {
    const previous = pull.comparison;
    if (pull.merged || (previous !== undefined && pull.base.issues.get(pull.number)?.state === "closed"))
      return previous;
    const base = await baseTipOf(pull);
    if (base === undefined) return previous;
    const head = pull.headSha;
    if (previous?.base === base && previous.head === head) return previous;
    const comparison = await compare(world, pull, base, head);
    await updateMergeRef(pull, comparison.mergeSha);
    pull.comparison = comparison;
    pull.mergeable = comparison.mergeSha !== undefined;
    pull.mergeCommitSha = comparison.mergeSha ?? null;
    return comparison;
  });
}

/** The head does not contain the base branch's newest commits. */
export const isBehind = (comparison: PullComparison): boolean => comparison.mergeBase !== comparison.base;

async function compare(world: World, pull: PullRequest, base: string, head: string): Promise<PullComparison> {
  const { git } = pull.base;
  const mergeBase = await git.mergeBase(base, head);
  const [commits, files, mergeSha] = await Promise.all([
    git.log(head, { base }),
    mergeBase === undefined ? [] : git.diff(mergeBase, head),
    mergeBase === undefined ? undefined : testMerge(world, git, pull, base, head),
  ]);
  return { base, head, mergeBase, mergeSha, commits: commits.length, files };
}

async function testMerge(
  world: World,
  git: GitRepository,
  pull: PullRequest,
  base: string,
  head: string,
): Promise<string | undefined> {
  const merged = await git.mergeTree(base, head);
  if (!merged.clean) return undefined;
  return git.writeCommit({
    tree: merged.tree,
    parents: [base, head],
    author: gitIdentityOf(world, pull.lastPusher),
    committer: serverGitIdentity(world),
    message: `Merge ${head} into ${base}`,
  });
}

async function updateMergeRef(pull: PullRequest, sha: string | undefined): Promise<void> {
  const { git } = pull.base;
  const name = `refs/pull/${pull.number}/merge`;
  const now = await git.ref(name);
  if (sha === undefined) {
    if (now !== undefined) await git.deleteRef(name);
  } else if (now === undefined) await git.createRef(name, sha);
  else await git.updateRef(name, sha, now.sha);
}
