/** A file that DVC keeps: `dvc fetch` puts it into the cache. Only a pointer of the base commit says which bytes count. */
import { createHash } from "node:crypto";
import { userError } from "../../problem/problem.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import { findDvcPointer } from "../github/dvc-pointer.ts";
import type { GitHub } from "../github/github.ts";

/**
 * @returns `undefined` when the commit has no pointer to it
 * @throws ActionError `dvc-file-not-fetched`, `dvc-file-changed`, and for a pointer that cannot be read; GitHubError
 */
export async function readDvcFile(
  github: GitHub,
  commit: string,
  path: string,
  files: Pick<WorkspaceFiles, "exists" | "read">,
): Promise<string | undefined> {
  const hash = (await findDvcPointer(github, commit, path))?.md5;
  if (hash === undefined) return undefined;
  // DVC 3 and before it.
  const places = ["files/md5/", ""].map((folder) => `.dvc/cache/${folder}${hash.slice(0, 2)}/${hash.slice(2)}`);
  for (const place of places) {
    if (!(await files.exists(place))) continue;
    const bytes = await files.read(place);
    if (createHash("md5").update(bytes).digest("hex") === hash) return new TextDecoder().decode(bytes);
    throw userError({
      code: "dvc-file-changed",
      message: `${place} is not the file whose MD5 is its name`,
      place: { file: place },
      fix: "Remove it, and fetch it again",
    });
  }
  throw userError({
    code: "dvc-file-not-fetched",
    message: `DVC keeps ${path}, and its cache does not have the file of ${commit.slice(0, 7)} (MD5 ${hash})`,
    fix: `Check the repository out, and run "dvc fetch" for that commit in a step before`,
  });
}
