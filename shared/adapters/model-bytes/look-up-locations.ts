/** Asks those who keep a version's bytes whether they are still there, without downloading them. */
import type { LocationState, LookedUp } from "../../core/registry/bytes/location-state.ts";
import type { FileRecord } from "../../records/fields.ts";
import type { ModelLocation } from "../../records/location.ts";
import { isSameRepository } from "../../records/repository-name.ts";
import type { GitHub } from "../github/github.ts";
import { findArtifact } from "../github/run-artifacts.ts";
import { findAsset, findRelease } from "./releases.ts";

/** @param files of the version. @throws GitHubError when GitHub does not say it: that is never "there" */
export async function lookUpLocations(
  github: GitHub,
  locations: readonly ModelLocation[],
  files: readonly FileRecord[],
): Promise<readonly LookedUp[]> {
  const found: LookedUp[] = [];
  for (const location of locations) found.push({ location, found: await lookUp(github, location, files) });
  return found;
}

async function lookUp(github: GitHub, location: ModelLocation, files: readonly FileRecord[]): Promise<LocationState> {
  const { owner, repo } = github.repository;
  const isOurs = "repository" in location && isSameRepository(location.repository, `${owner}/${repo}`);
  if (location.kind === "artifact" && isOurs) return lookUpArtifact(github, location);
  if (location.kind === "release-asset" && isOurs) return lookUpAssets(github, location, files);
  return { state: "unchecked" };
}

async function lookUpArtifact(
  github: GitHub,
  { id, run, digest }: Extract<ModelLocation, { kind: "artifact" }>,
): Promise<LocationState> {
  const artifact = await findArtifact(github, id);
  if (artifact === undefined)
    return { state: "gone", why: "it was deleted, or a run that was run again has replaced it" };
  if (artifact.expired) return { state: "gone", why: "it has expired" };
  if (artifact.workflow_run?.id !== run) return { state: "differs", why: "it is of another run" };
  if (digest === undefined || artifact.digest === digest) return { state: "there" };
  return { state: "differs", why: `its digest is ${artifact.digest ?? "not known any more"}, not ${digest}` };
}

async function lookUpAssets(
  github: GitHub,
  { tag, assets }: Extract<ModelLocation, { kind: "release-asset" }>,
  files: readonly FileRecord[],
): Promise<LocationState> {
  const known = new Set(files.map(({ digest }) => digest));
  let areFiles = true;
  for (const asset of assets) {
    const found = await findAsset(github, asset.id);
    const again = found ?? (await findRelease(github, tag))?.assets.find(({ name }) => name === asset.name);
    if (again === undefined) return { state: "gone", why: `${asset.name} was deleted from it` };
    const how = found === undefined ? "was uploaded again" : "has changed";
    const { digest } = again;
    if (asset.digest !== undefined && digest !== asset.digest) {
      return {
        state: "differs",
        why: `${asset.name} ${how}: its digest is ${digest ?? "not known"}, not ${asset.digest}`,
      };
    }
    // Without a digest, only the place itself says that it is the same.
    if (asset.digest === undefined && found === undefined) return { state: "gone", why: `${asset.name} ${how}` };
    areFiles &&= digest != null && known.has(digest);
  }
  return { state: areFiles ? "verified" : "there" };
}
