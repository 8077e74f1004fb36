/** The short form of a pull request inside check runs, check suites and workflow runs. */
import type { components } from "@octokit/openapi-types";
import type { PullRequest, Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { repositoryApiUrl } from "./urls.ts";

export function renderPullReference(world: World, pull: PullRequest): components["schemas"]["pull-request-minimal"] {
  return {
    id: pull.id,
    number: pull.number,
    url: repositoryApiUrl(world, pull.base, `pulls/${pull.number}`),
    head: { ref: pull.headRef, sha: pull.headSha, repo: briefly(world, pull.head ?? pull.base) },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo: briefly(world, pull.base) },
  };
}

/** The open pull requests whose head is this commit of this repository; GitHub omits those from forks. */
export function pullsWithHead(repository: Repository, sha: string): readonly PullRequest[] {
  return [...repository.pulls.values()].filter(
    (pull) => pull.headSha === sha && pull.head === repository && repository.issues.get(pull.number)?.state === "open",
  );
}

const briefly = (world: World, repository: Repository) => ({
  id: repository.id,
  url: repositoryApiUrl(world, repository),
  name: repository.name,
});
