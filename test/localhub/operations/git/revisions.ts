/** Resolving the revisions in requests to commits. */
import { ApiError } from "../../world/api-error.ts";
import type { Repository } from "../../world/repository.ts";

/** The commit behind a SHA, branch or tag. @throws ApiError 422 with GitHub's message when there is none. */
export async function resolveCommitSha(repository: Repository, revision: string): Promise<string> {
  const sha = await repository.git.resolve(revision);
  if (sha === undefined) throw noCommit(revision);
  return sha;
}

/**
 * A full SHA that is a commit of the repository. @throws ApiError 422 when it is not; names of refs are not accepted.
 */
export async function requireCommitSha(repository: Repository, sha: string): Promise<string> {
  const commit = /^[0-9a-f]{40}$/i.test(sha) ? await repository.git.commit(sha.toLowerCase()) : undefined;
  if (commit === undefined) throw noCommit(sha);
  return commit.sha;
}

const noCommit = (revision: string): ApiError => new ApiError(422, `No commit found for SHA: ${revision}`);
