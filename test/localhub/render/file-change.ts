/** One file of a commit, comparison or pull request. */
import type { components } from "@octokit/openapi-types";
import type { FileChange } from "../git/git-repository.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { escapedPath, repositoryApiUrl, repositoryPageUrl } from "./urls.ts";

/** @param revision The commit after the change; links show the file at this commit. */
export function renderFileChange(world: World, repository: Repository, change: FileChange, revision: string) {
  const path = escapedPath(change.path);
  return {
    sha: change.sha,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: repositoryPageUrl(world, repository, `blob/${revision}/${path}`),
    raw_url: repositoryPageUrl(world, repository, `raw/${revision}/${path}`),
    contents_url: repositoryApiUrl(world, repository, `contents/${path}?ref=${revision}`),
    ...(change.patch !== undefined && { patch: change.patch }),
    ...(change.previousPath !== undefined && { previous_filename: change.previousPath }),
  } satisfies components["schemas"]["diff-entry"];
}
