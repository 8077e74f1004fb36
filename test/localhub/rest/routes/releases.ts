/** Releases and their files. */
import { addAsset, assetById } from "../../operations/refs/release-assets.ts";
import {
  createRelease,
  deleteRelease,
  latestRelease,
  type ReleaseFields,
  releaseById,
  releaseByTag,
  updateRelease,
  visibleReleases,
} from "../../operations/refs/releases.ts";
import { byteRange } from "../../operations/runs/byte-range.ts";
import { renderAsset, renderRelease } from "../../render/releases.ts";
import { ApiError } from "../../world/api-error.ts";
import type { Release } from "../../world/releases.ts";
import { type Call, created, list, noContent, ok, type Route, route } from "../route.ts";

interface ReleaseBody {
  readonly tag_name?: string;
  readonly target_commitish?: string;
  readonly name?: string;
  readonly body?: string;
  readonly draft?: boolean;
  readonly prerelease?: boolean;
  readonly make_latest?: Release["latest"];
  readonly generate_release_notes?: boolean;
}

export const releaseRoutes: readonly Route[] = [
  route("repos/list-releases", ({ world, repository, caller }) =>
    list(visibleReleases(repository, caller), (release) => renderRelease(world, repository, release)),
  ),

  route("repos/create-release", async ({ world, repository, body, requiredCaller: caller }) => {
    const fields = fieldsOf(body);
    const release = await createRelease(world, repository, { ...fields, tag: fields.tag ?? "" }, caller);
    return created(renderRelease(world, repository, release));
  }),

  route("repos/get-release", (call) => ok(rendered(call, releaseOf(call)))),

  route("repos/get-latest-release", (call) => ok(rendered(call, latestRelease(call.repository)))),

  route("repos/get-release-by-tag", (call) =>
    ok(rendered(call, releaseByTag(call.repository, call.path["tag"] ?? ""))),
  ),

  route("repos/update-release", async (call) => {
    const release = releaseOf(call);
    await updateRelease(call.world, call.repository, release, fieldsOf(call.body), call.requiredCaller);
    return ok(rendered(call, release));
  }),

  route("repos/delete-release", (call) => {
    deleteRelease(call.world, call.repository, releaseOf(call), call.requiredCaller);
    return noContent;
  }),

  route("repos/list-release-assets", (call) => {
    const release = releaseOf(call);
    return list([...release.assets.values()], (asset) => renderAsset(call.world, call.repository, release, asset));
  }),

  route("repos/upload-release-asset", (call) => {
    const release = releaseOf(call);
    const { world, repository, query, headers, bytes, requiredCaller: caller } = call;
    const asset = {
      name: query["name"] ?? "",
      label: query["label"],
      contentType: headers["content-type"] ?? "application/octet-stream",
      content: bytes,
    };
    return created(renderAsset(world, repository, release, addAsset(world, release, asset, caller)));
  }),

  route("repos/get-release-asset", (call) => {
    const { release, asset } = assetOf(call);
    if (!(call.headers["accept"] ?? "").includes("application/octet-stream"))
      return ok(renderAsset(call.world, call.repository, release, asset));
    asset.downloads++;
    const range = byteRange(call.headers["range"], asset.content.length);
    if (range === undefined || range === "unsatisfiable")
      return { kind: "bytes", status: 200, type: asset.contentType, body: asset.content };
    const body = asset.content.subarray(range.start, range.end + 1);
    const headers = { "content-range": `bytes ${range.start}-${range.end}/${asset.content.length}` };
    return { kind: "bytes", status: 206, type: asset.contentType, body, headers };
  }),

  route("repos/delete-release-asset", (call) => {
    const { release, asset } = assetOf(call);
    release.assets.delete(asset.id);
    return noContent;
  }),
];

const releaseOf = ({ repository, path, caller }: Call): Release =>
  releaseById(repository, Number(path["release_id"]), caller);

const assetOf = ({ repository, path, caller }: Call) =>
  assetById(visibleReleases(repository, caller), Number(path["asset_id"]));

const rendered = ({ world, repository }: Call, release: Release) => renderRelease(world, repository, release);

/** @throws ApiError 501 for `generate_release_notes`, which the local GitHub cannot do. */
function fieldsOf(body: Call["body"]): ReleaseFields {
  const input = body as ReleaseBody;
  if (input.generate_release_notes)
    throw new ApiError(
      501,
      "The local GitHub does not write release notes: give `body` instead of `generate_release_notes`.",
    );
  return {
    tag: input.tag_name,
    target: input.target_commitish,
    name: input.name,
    body: input.body,
    draft: input.draft,
    prerelease: input.prerelease,
    latest: input.make_latest,
  };
}
