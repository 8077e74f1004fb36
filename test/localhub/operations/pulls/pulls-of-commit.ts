/** Which pull requests a commit belongs to. */
import type { PullRequest, Repository } from "../../world/repository.ts";
import { isOpen } from "./pull-state.ts";

/**
 * For a commit of the default branch the merged pull request that added it; for any other the open and merged ones that
 * contain it (GitHub docs: "List pull requests associated with a commit"). Newest first.
 */
export async function pullsOfCommit(repository: Repository, sha: string): Promise<readonly PullRequest[]> {
  const { git } = repository;
  const isOnDefault = await git.isAncestor(sha, `refs/heads/${repository.defaultBranch}`).catch(() => false);
  const containing = await Promise.all([...repository.pulls.values()].map((pull) => contains(pull, sha)));
  return [...repository.pulls.values()]
    .filter((pull, index) => containing[index] && (isOnDefault ? pull.merged : pull.merged || isOpen(pull)))
    .toReversed();
}

async function contains({ base, headSha, baseSha, comparison, merged, mergeCommitSha }: PullRequest, sha: string) {
  if (sha === headSha || (merged && sha === mergeCommitSha)) return true;
  const { git } = base;
  return (await git.isAncestor(sha, headSha)) && !(await git.isAncestor(sha, comparison?.base ?? baseSha));
}
