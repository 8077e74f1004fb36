/** Fetches the bytes of a version from one of its places into a new folder. */
import type { FoundEntry } from "../../core/registry/bytes/compare-files.ts";
import { type ActionError, userError } from "../../problem/problem.ts";
import type { FileRecord } from "../../records/fields.ts";
import type { ModelLocation } from "../../records/location.ts";
import { mapAtOnce } from "../files/digest-model-files.ts";
import type { Download, GitHub } from "../github/github.ts";
import { assetName } from "./find-locations.ts";
import { ModelWriter } from "./model-writer.ts";
import { artifactDownload, assetDownload } from "./releases.ts";
import { packingOf, unpackModel } from "./unpack-model.ts";

type Fetchable = Extract<ModelLocation, { kind: "artifact" | "release-asset" }>;

/** Files of a release at once. */
const AT_ONCE = 4;

export const isFetchable = (location: ModelLocation): location is Fetchable =>
  location.kind === "artifact" || location.kind === "release-asset";

/**
 * @param folder absolute path of an empty folder
 * @returns what was written: of a place that lacks a file, less than the model
 * @throws ActionError `archive-broken`, `model-file-differs`, …; GitHubError
 */
export async function fetchModel(
  github: GitHub,
  location: Fetchable,
  files: readonly FileRecord[],
  folder: string,
): Promise<readonly FoundEntry[]> {
  await using writer = new ModelWriter(folder);
  if (location.kind === "artifact") {
    const { id, name, digest, below } = location;
    const [only] = files;
    const download = artifactDownload(github, id);
    // `archive: false` of upload-artifact: the file itself.
    if (files.length === 1 && only !== undefined && only.digest === digest)
      await fetchFile(github, download, only, writer);
    else await unpackModel("zip", { name, files, below, bytes: github.stream(download), writer });
    return writer.found;
  }
  const [first, ...others] = location.assets;
  const packing = others.length === 0 && first !== undefined ? packingOf(first.name) : undefined;
  const isFile = files.length === 1 && files[0] !== undefined && assetName(files[0].path) === first?.name;
  if (first !== undefined && packing !== undefined && !isFile) {
    const bytes = github.stream(assetDownload(github, first.id));
    await unpackModel(packing, { name: first.name, files, below: location.below, bytes, writer });
    return writer.found;
  }
  const idOf = new Map(location.assets.map(({ id, name }) => [name, id]));
  await mapAtOnce(files, AT_ONCE, async (file) => {
    const id = idOf.get(assetName(file.path));
    if (id === undefined) throw notNamed(file.path, location.tag);
    await fetchFile(github, assetDownload(github, id), file, writer);
  });
  return writer.found;
}

async function fetchFile(github: GitHub, download: Download, file: FileRecord, writer: ModelWriter): Promise<void> {
  const open = await writer.open(file);
  for await (const chunk of github.stream(download)) await open.write(chunk);
  await open.close();
}

const notNamed = (path: string, tag: string): ActionError =>
  userError({
    code: "model-file-missing",
    message: `the version does not say which file of the release ${tag} is ${JSON.stringify(path)}`,
    fix: "Register the model again as the next version",
  });
