/** Whether what was restored is what it should be, and its removal when it is not. */
import { rm } from "node:fs/promises";
import { ActionError } from "../../problem/problem.ts";
import { resolvePathToWrite } from "./resolve-workspace-path.ts";
import type { FileDigest, WorkspaceFiles } from "./workspace-files.ts";

/**
 * Compares every file, and not only those that are expected.
 * @returns why it is not that; `undefined`: it is exactly that
 */
export async function findDifference(
  files: WorkspaceFiles,
  paths: readonly string[],
  expected: readonly FileDigest[],
): Promise<string | undefined> {
  try {
    const restored = await files.list(paths);
    const missing = expected.find(({ path }) => !restored.includes(path));
    if (missing !== undefined) return `${missing.path} is not in it`;
    for (const path of restored) {
      const wanted = expected.find((file) => file.path === path);
      if (wanted === undefined) return `${path} is in it and should not be`;
      const { digest, bytes } = await files.digestFile(path);
      if (digest !== wanted.digest) return `${path} has ${bytes} bytes with the digest ${digest}, not ${wanted.digest}`;
    }
    return undefined;
  } catch (error) {
    // A link that leads out, a pipe, a file that cannot be read.
    if (error instanceof ActionError) return error.problems[0]?.message ?? error.message;
    throw error;
  }
}

/** @throws ActionError when a path leads out of the workspace by now */
export async function removePaths(workspace: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(await resolvePathToWrite(workspace, path), { recursive: true, force: true });
}
