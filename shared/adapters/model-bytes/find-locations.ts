/** Finds the places that a workflow names for the bytes of a version: what is not there is not registered. */
import type { LocationRequest } from "../../core/registry/bytes/location-request.ts";
import { findBelow } from "../../core/registry/bytes/store-paths.ts";
import { type ActionError, userError } from "../../problem/problem.ts";
import type { FileRecord } from "../../records/fields.ts";
import type { ModelLocation } from "../../records/location.ts";
import { quoteText } from "../../text/document/document.ts";
import type { GitHub } from "../github/github.ts";
import { listAllRunArtifacts, type RunArtifact } from "../github/run-artifacts.ts";
import { listArchiveMembers } from "./archive-members.ts";
import { findPointers } from "./find-pointers.ts";
import type { RegisteredBytes } from "./registered-bytes.ts";
import { artifactDownload, assetDownload, findRelease, type ReleaseAsset } from "./releases.ts";

/** Artifacts that are looked into; a matrix uploads one for each leg. */
const MAX_LOOKED_INTO = 50;

/**
 * @param requests none: an artifact of the run is looked for, and may be missing
 * @throws ActionError `artifact-without-model`, `release-missing`, `release-without-model`, `pointer-…`; GitHubError
 */
export async function findLocations(
  github: GitHub,
  requests: readonly LocationRequest[],
  bytes: RegisteredBytes,
): Promise<readonly ModelLocation[]> {
  if (requests.length === 0) {
    const found = await findArtifact(github, undefined, bytes);
    return found === undefined ? [] : [found];
  }
  const locations: ModelLocation[] = [];
  for (const request of requests) locations.push(await findLocation(github, request, bytes));
  return locations;
}

async function findLocation(github: GitHub, request: LocationRequest, bytes: RegisteredBytes): Promise<ModelLocation> {
  switch (request.kind) {
    case "stated":
      return request.location;
    case "artifact": {
      const found = await findArtifact(github, request.name, bytes);
      if (found === undefined) throw withoutModel(request.name, bytes.run);
      return found;
    }
    case "release-asset":
      return findAssets(github, request, bytes);
    case "git-lfs":
    case "dvc":
      return findPointers(github, request, bytes);
  }
}

/** The largest first: the model is rarely the smallest. */
async function findArtifact(
  github: GitHub,
  name: string | undefined,
  { files, run }: RegisteredBytes,
): Promise<ModelLocation | undefined> {
  const listed = await listAllRunArtifacts(github, run);
  const candidates = listed
    .filter((artifact) => !artifact.expired && (name === undefined || artifact.name === name))
    .toSorted((a, b) => b.size_in_bytes - a.size_in_bytes || b.id - a.id);
  for (const artifact of candidates.slice(0, MAX_LOOKED_INTO)) {
    const base = { kind: "artifact", repository: nameOf(github), run, id: artifact.id, name: artifact.name } as const;
    const known = { ...base, ...digestOf(artifact), ...(artifact.expires_at && { expiresAt: artifact.expires_at }) };
    // `archive: false` of upload-artifact: the file itself.
    const [only] = files;
    if (files.length === 1 && only?.digest === artifact.digest) return known;
    const members = await listArchiveMembers(github, artifactDownload(github, artifact.id), artifact.size_in_bytes);
    // What is named and cannot be looked into is compared when it is fetched.
    if (members === "no-parts" && name !== undefined) return known;
    const below = members === "no-parts" ? undefined : members && findBelow(files, members);
    if (below !== undefined) return { ...known, ...notSame(below) };
  }
  return undefined;
}

const nameOf = ({ repository: { owner, repo } }: GitHub): string => `${owner}/${repo}`;

const digestOf = ({ digest }: RunArtifact): { readonly digest?: string } =>
  digest && /^sha256:[0-9a-f]{64}$/.test(digest) ? { digest } : {};

const notSame = (below: NonNullable<ModelLocation["below"]>): Pick<ModelLocation, "below"> =>
  below.model === below.store ? {} : { below };

async function findAssets(
  github: GitHub,
  { tag, asset: wanted }: { readonly tag: string; readonly asset: string | undefined },
  { files }: RegisteredBytes,
): Promise<ModelLocation> {
  const release = await findRelease(github, tag);
  if (release === undefined) throw releaseMissing(tag);
  const { assets, isImmutable } = release;
  const kind = "release-asset" as const;
  const base = { kind, repository: nameOf(github), tag, ...(isImmutable && { immutable: true }) };
  const plain = files.map((file) =>
    assets.find((asset) => isFile(asset, file) && (wanted ?? asset.name) === asset.name),
  );
  if (plain.every((asset) => asset !== undefined) && new Set(plain).size === files.length) {
    return { ...base, assets: plain.map(toAsset) };
  }
  for (const asset of assets.filter(({ name }) => isArchive(name) && (wanted ?? name) === name)) {
    // What is packed otherwise has no directory: it is compared when it is fetched.
    const isZip = asset.name.endsWith(".zip");
    const members = isZip ? await listArchiveMembers(github, assetDownload(github, asset.id), asset.size) : "no-parts";
    if (members === "no-parts") return { ...base, assets: [toAsset(asset)] };
    const below = members && findBelow(files, members);
    if (below !== undefined) return { ...base, assets: [toAsset(asset)], ...notSame(below) };
  }
  throw releaseWithoutModel(tag, wanted, files, assets);
}

const isArchive = (name: string): boolean => /\.(?:zip|tar|tar\.gz|tgz|tar\.zst)$/.test(name);

const toAsset = ({ id, name, digest }: ReleaseAsset) => ({ id, name, ...(digest && { digest }) });

/** Size and digest decide where GitHub says the digest; it has none for what was uploaded before 2025. */
const isFile = ({ name, size, digest }: ReleaseAsset, file: FileRecord): boolean =>
  name === assetName(file.path) && size === file.bytes && (!digest || digest === file.digest);

/** GitHub docs, "Upload a release asset": other characters, and dots at the ends, are replaced. */
export const assetName = (path: string): string =>
  (path.split("/").at(-1) ?? "")
    .replaceAll(/[^A-Za-z0-9._+@-]+/g, ".")
    .replaceAll(/\.{2,}/g, ".")
    .replaceAll(/^\.|\.$/g, "");

const withoutModel = (name: string | undefined, run: number): ActionError =>
  userError({
    code: "artifact-without-model",
    message: `${name === undefined ? "no artifact" : `no artifact ${quoteText(name)}`} of run ${run} has all files of the model, with their sizes`,
    fix: "Upload the model's files in that run with upload-artifact, or name another place in the input locations",
  });

const releaseMissing = (tag: string): ActionError =>
  userError({
    code: "release-missing",
    message: `there is no published release of the tag ${quoteText(tag)}`,
    fix: "Publish it before the version is registered",
  });

function releaseWithoutModel(
  tag: string,
  wanted: string | undefined,
  files: readonly FileRecord[],
  assets: readonly ReleaseAsset[],
): ActionError {
  const lacking = files.find((file) => !assets.some((asset) => isFile(asset, file)));
  const what = lacking === undefined ? "all files" : `${quoteText(lacking.path)} with its size and digest`;
  return userError({
    code: "release-without-model",
    message: `${wanted === undefined ? "the release" : `${quoteText(wanted)} in the release`} ${quoteText(tag)} does not have ${what}`,
    fix: "Upload each file of the model under its own name, or all of them in one .zip, .tar or .tar.gz",
  });
}
