/** Artifacts and cache entries in REST replies. */
import type { components } from "@octokit/openapi-types";
import { artifactExpired } from "../operations/runs/artifacts.ts";
import type { CacheEntry } from "../world/actions.ts";
import type { Artifact } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { timestamp } from "./timestamp.ts";
import { repositoryApiUrl } from "./urls.ts";

type Schemas = components["schemas"];

export function renderArtifact(world: World, artifact: Artifact) {
  const { run } = artifact;
  const url = repositoryApiUrl(world, run.repository, `actions/artifacts/${artifact.id}`);
  return {
    id: artifact.id,
    // Artifacts still have node ids in the format from before 2021.
    node_id: Buffer.from(`08:Artifact${artifact.id}`).toString("base64"),
    name: artifact.name,
    size_in_bytes: artifact.size,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifactExpired(world, artifact),
    digest: artifact.digest,
    created_at: timestamp(artifact.createdAt),
    updated_at: timestamp(artifact.createdAt),
    expires_at: timestamp(artifact.expiresAt),
    workflow_run: {
      id: run.id,
      repository_id: run.repository.id,
      head_repository_id: (run.headRepository ?? run.repository).id,
      head_branch: run.headBranch ?? "",
      head_sha: run.headSha,
    },
  } satisfies Schemas["artifact"];
}

export function renderCache(entry: CacheEntry) {
  return {
    id: entry.id,
    ref: entry.ref,
    key: entry.key,
    version: entry.version,
    last_accessed_at: timestamp(entry.lastAccessedAt),
    created_at: timestamp(entry.createdAt),
    size_in_bytes: entry.size,
  } satisfies Schemas["actions-cache-list"]["actions_caches"][number];
}
