/** Releases and their files. */
import { createHash } from "node:crypto";
import type { components } from "@octokit/openapi-types";
import type { Release, ReleaseAsset } from "../world/releases.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { nodeId } from "./node-id.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import { escapedPath, repositoryApiUrl, repositoryPageUrl } from "./urls.ts";

type Schemas = components["schemas"];

export function renderRelease(world: World, repository: Repository, release: Release) {
  const url = repositoryApiUrl(world, repository, `releases/${release.id}`);
  const tag = escapedPath(release.tag);
  return {
    url,
    assets_url: `${url}/assets`,
    // On github.com uploads go to a separate host; clients read its URL here.
    upload_url: `${url}/assets{?name,label}`,
    // Only those who may push can see the page of a draft.
    html_url: repositoryPageUrl(world, repository, `releases/tag/${release.draft ? `untagged-${release.id}` : tag}`),
    id: release.id,
    node_id: nodeId("release", release.id, repository.id),
    author: renderAccount(world, release.author),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    draft: release.draft,
    immutable: false,
    prerelease: release.prerelease,
    created_at: timestamp(release.createdAt),
    published_at: timestampOrNull(release.publishedAt),
    assets: [...release.assets.values()].map((asset) => renderAsset(world, repository, release, asset)),
    tarball_url: release.draft ? null : repositoryApiUrl(world, repository, `tarball/${tag}`),
    zipball_url: release.draft ? null : repositoryApiUrl(world, repository, `zipball/${tag}`),
    body: release.body,
  } satisfies Schemas["release"];
}

export function renderAsset(world: World, repository: Repository, release: Release, asset: ReleaseAsset) {
  return {
    url: repositoryApiUrl(world, repository, `releases/assets/${asset.id}`),
    id: asset.id,
    node_id: nodeId("asset", asset.id, repository.id),
    name: asset.name,
    label: asset.label,
    uploader: renderAccount(world, asset.uploader),
    content_type: asset.contentType,
    state: "uploaded",
    size: asset.content.length,
    digest: `sha256:${createHash("sha256").update(asset.content).digest("hex")}`,
    download_count: asset.downloads,
    created_at: timestamp(asset.createdAt),
    updated_at: timestamp(asset.createdAt),
    browser_download_url: repositoryPageUrl(world, repository, assetPath(release, asset)),
  } satisfies Schemas["release-asset"];
}

/** Below the repository's page. */
const assetPath = (release: Release, asset: ReleaseAsset): string =>
  `releases/download/${escapedPath(release.tag)}/${encodeURIComponent(asset.name)}`;
