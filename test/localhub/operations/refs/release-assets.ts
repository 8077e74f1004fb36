/** The files of releases. */

import { notFound, unprocessable, validationFailed } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Release, ReleaseAsset } from "../../world/releases.ts";
import type { World } from "../../world/world.ts";

/** GitHub docs, "About releases", storage quotas: up to 1,000 assets a release. */
export const MAX_ASSETS = 1_000;

export interface NewAsset {
  readonly name: string;
  readonly label: string | undefined;
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** @throws ApiError 422 for a name the release has already, an empty file or too many files. */
export function addAsset(world: World, release: Release, input: NewAsset, caller: Caller): ReleaseAsset {
  const name = plainName(input.name);
  if (input.content.length === 0) throw unprocessable("Release asset uploads must not be empty");
  if ([...release.assets.values()].some((asset) => asset.name === name))
    throw validationFailed({ resource: "ReleaseAsset", code: "already_exists", field: "name" });
  if (release.assets.size >= MAX_ASSETS) {
    const message = `file_count must be less than or equal to ${MAX_ASSETS}`;
    throw validationFailed({ resource: "ReleaseAsset", code: "custom", field: "file_count", message });
  }
  const asset: ReleaseAsset = {
    id: world.nextId(),
    name,
    label: input.label ?? null,
    contentType: input.contentType,
    content: input.content,
    uploader: caller.actor,
    downloads: 0,
    createdAt: world.clock.now(),
  };
  release.assets.set(asset.id, asset);
  return asset;
}

/** The asset and its release. @throws ApiError 404, also for a release that is not among `visible`. */
export function assetById(
  visible: readonly Release[],
  id: number,
): { readonly release: Release; readonly asset: ReleaseAsset } {
  for (const release of visible) {
    const asset = release.assets.get(id);
    if (asset) return { release, asset };
  }
  throw notFound();
}

/**
 * GitHub docs, "Upload a release asset": GitHub renames files whose names have special characters, or leading or
 * trailing dots.
 */
const plainName = (name: string): string =>
  name
    .replaceAll(/[^A-Za-z0-9._+@-]+/g, ".")
    .replaceAll(/\.{2,}/g, ".")
    .replaceAll(/^\.|\.$/g, "");
