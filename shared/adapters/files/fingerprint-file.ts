/** Whether a file was written again, even with the same bytes. */
import { stat } from "node:fs/promises";
import { toFileError } from "./errors.ts";
import { resolveExistingPath } from "./resolve-workspace-path.ts";

/**
 * Inode, size, and times of writing and of the last change of all of it: nobody can set the last one back.
 *
 * @returns `undefined` when the file is not there
 * @throws ActionError when it leads out of the workspace
 */
export async function fingerprintFile(workspace: string, path: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(await resolveExistingPath(workspace, path), { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(" ");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw toFileError(path, "read", error);
  }
}
