/** Reading the commits that events are about. */
import type { Commit } from "../git/git-repository.ts";
import type { Repository } from "../world/repository.ts";

/** A commit that a record of the world refers to. @throws Error when the repository does not have it. */
export async function requireCommit(repository: Repository, sha: string): Promise<Commit> {
  const commit = await repository.git.commit(sha);
  if (commit === undefined) throw new Error(`the repository ${repository.fullName} has no commit ${sha}`);
  return commit;
}
