/** Whether a file was written again, even with the same bytes. */
import { stat } from "node:fs/promises";
import { toFileError } from "./errors.ts";
import { resolveExistingPath } from "./resolve-workspace-path.ts";

/**
 * Inode, size, modification time and change time; no program can set the change time back.
 *
 * @returns `undefined` when the file does not exist
 * @throws ActionError when it is outside the workspace
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
