/** Commit statuses in REST replies. */
import type { components } from "@octokit/openapi-types";
import { combinedState } from "../operations/checks/statuses.ts";
import type { CommitStatus } from "../world/checks.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { nodeId } from "./node-id.ts";
import { renderMinimalRepository } from "./repository.ts";
import { timestamp } from "./timestamp.ts";
import { avatarUrl, commitApiUrl, repositoryApiUrl } from "./urls.ts";

type Schemas = components["schemas"];

export function renderStatus(world: World, repository: Repository, status: CommitStatus): Schemas["status"] {
  return { ...renderSimpleStatus(world, repository, status), creator: renderAccount(world, status.creator) };
}

/** The status inside a combined one: without its creator. */
export function renderSimpleStatus(world: World, repository: Repository, status: CommitStatus) {
  return {
    url: repositoryApiUrl(world, repository, `statuses/${status.sha}`),
    avatar_url: avatarUrl(world, status.creator),
    id: status.id,
    node_id: nodeId("status", status.id, repository.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: timestamp(status.createdAt),
    updated_at: timestamp(status.createdAt),
  } satisfies Schemas["simple-commit-status"];
}

/** The fields of a combined status other than its list of statuses. */
export function renderCombinedStatus(
  world: World,
  repository: Repository,
  sha: string,
  latest: readonly CommitStatus[],
) {
  return {
    state: combinedState(latest),
    sha,
    repository: renderMinimalRepository(world, repository),
    commit_url: commitApiUrl(world, repository, sha),
    url: `${commitApiUrl(world, repository, sha)}/status`,
  } satisfies Omit<Schemas["combined-commit-status"], "statuses" | "total_count">;
}
