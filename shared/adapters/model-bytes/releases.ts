/** Releases and their files, as far as decisions need them. */
import * as z from "zod";
import type { Download, GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";

const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const asset = z.object({
  id: z.int().positive(),
  name: z.string(),
  state: z.string(),
  size: z.int().nonnegative(),
  digest: sha256.nullish().catch(undefined),
});
const release = z.object({ id: z.int(), tag_name: z.string(), immutable: z.boolean().optional(), draft: z.boolean() });

export type ReleaseAsset = z.infer<typeof asset>;

export interface FoundRelease {
  readonly isImmutable: boolean;
  readonly assets: readonly ReleaseAsset[];
}

/** A published one. @returns `undefined`: there is none of this tag. @throws GitHubError */
export async function findRelease(github: GitHub, tag: string): Promise<FoundRelease | undefined> {
  const { repos } = github.rest;
  const found = await github.find(() => repos.getReleaseByTag({ ...github.repository, tag }));
  if (found === undefined) return undefined;
  const { id, immutable } = parseResponse(release, found, `the release ${tag}`);
  const assets = await github.readAll(repos.listReleaseAssets, { ...github.repository, release_id: id });
  const complete = assets.map((item) => parseResponse(asset, item, `the files of the release ${tag}`));
  return { isImmutable: immutable === true, assets: complete.filter(({ state }) => state === "uploaded") };
}

/** @returns `undefined`: there is none with this id, or no longer. @throws GitHubError */
export async function findAsset(github: GitHub, id: number): Promise<ReleaseAsset | undefined> {
  const { repos } = github.rest;
  const found = await github.find(() => repos.getReleaseAsset({ ...github.repository, asset_id: id }));
  return found === undefined ? undefined : parseResponse(asset, found, `the release asset ${id}`);
}

export function assetDownload({ rest, repository }: GitHub, id: number): Download {
  const headers = { accept: "application/octet-stream" };
  return { url: rest.repos.getReleaseAsset.endpoint({ ...repository, asset_id: id }).url, headers };
}

export function artifactDownload({ rest, repository }: GitHub, id: number): Download {
  const zip = { ...repository, artifact_id: id, archive_format: "zip" };
  return { url: rest.actions.downloadArtifact.endpoint(zip).url };
}
