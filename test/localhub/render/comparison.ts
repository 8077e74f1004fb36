/** A comparison of two commits. */
import type { components } from "@octokit/openapi-types";
import type { Commit, FileChange } from "../git/git-repository.ts";
import type { Comparison } from "../operations/refs/comparison.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderCommit } from "./commit.ts";
import { renderFileChange } from "./file-change.ts";
import { repositoryApiUrl, repositoryPageUrl } from "./urls.ts";

/**
 * @param basehead The two sides as given by the client.
 * @param commits The comparison's commits on this page.
 * @param files The comparison's files to show; `undefined` on pages that have none.
 */
export function renderComparison(
  world: World,
  repository: Repository,
  basehead: string,
  comparison: Comparison,
  commits: readonly Commit[],
  files: readonly FileChange[] | undefined,
): components["schemas"]["commit-comparison"] {
  const { base, head, mergeBase } = comparison;
  const sides = basehead.split("...").map(encodeURIComponent).join("...");
  const owner = encodeURIComponent(repository.owner.login);
  const page = repositoryPageUrl(world, repository, `compare/${sides}`);
  return {
    url: repositoryApiUrl(world, repository, `compare/${sides}`),
    html_url: page,
    permalink_url: repositoryPageUrl(
      world,
      repository,
      `compare/${owner}:${base.sha.slice(0, 7)}...${owner}:${head.sha.slice(0, 7)}`,
    ),
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: renderCommit(world, repository, base),
    merge_base_commit: renderCommit(world, repository, mergeBase),
    status: comparison.status,
    ahead_by: comparison.commits.length,
    behind_by: comparison.behindBy,
    total_commits: comparison.commits.length,
    commits: commits.map((commit) => renderCommit(world, repository, commit)),
    ...(files && { files: files.map((change) => renderFileChange(world, repository, change, head.sha)) }),
  };
}
