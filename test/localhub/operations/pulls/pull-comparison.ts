/** What git says about a pull request: can it be merged, what does it change. Worked out when asked, kept until a side moves. */
import type { GitRepository } from "../../git/git-repository.ts";
import type { PullComparison } from "../../world/pulls.ts";
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { gitIdentityOf, serverGitIdentity } from "../git/git-identity.ts";
import { runExclusive } from "../git/mutex.ts";

/** The commit the base branch is at; `undefined` once the branch is gone. */
export const baseTipOf = async (pull: PullRequest): Promise<string | undefined> =>
  (await pull.base.git.ref(`refs/heads/${pull.baseRef}`))?.sha;

/**
 * Brings `comparison`, `mergeable` and `refs/pull/N/merge` up to date with where base and head are now. Closed and
 * merged pull requests keep what they had last, as on GitHub.
 */
export function comparePull(world: World, pull: PullRequest): Promise<PullComparison | undefined> {
  return runExclusive(pull, async () => {
    const known = pull.comparison;
    if (pull.merged || (known !== undefined && pull.base.issues.get(pull.number)?.state === "closed")) return known;
    const base = await baseTipOf(pull);
    if (base === undefined) return known;
    const head = pull.headSha;
    if (known?.base === base && known.head === head) return known;
    const comparison = await compare(world, pull, base, head);
    await updateMergeRef(pull, comparison.mergeSha);
    pull.comparison = comparison;
    pull.mergeable = comparison.mergeSha !== undefined;
    pull.mergeCommitSha = comparison.mergeSha ?? null;
    return comparison;
  });
}

/** The head does not hold the base branch's newest commits. */
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
