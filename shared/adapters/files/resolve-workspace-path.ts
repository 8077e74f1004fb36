/** Where a path really leads, and that it stays in the workspace. */
import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { type ActionError, userError } from "../../problem/problem.ts";

/**
 * The real, absolute place of a file that exists, links followed.
 * @throws ActionError `file-outside-workspace`, and the file system's error when there is nothing
 */
export async function resolveExistingPath(workspace: string, path: string): Promise<string> {
  assertInWorkspace(path, join(workspace, path), workspace);
  const root = await realpath(workspace);
  const real = await realpath(join(root, path));
  assertInWorkspace(path, real, root);
  return real;
}

/** The place of a file to be written: its nearest folder that exists must lie in the workspace. */
export async function resolvePathToWrite(workspace: string, path: string): Promise<string> {
  assertInWorkspace(path, join(workspace, path), workspace);
  const root = await realpath(workspace);
  const place = join(root, path);
  let folder = dirname(place);
  for (;;) {
    const real = await realpath(folder).catch(() => undefined);
    if (real !== undefined) {
      assertInWorkspace(path, real, root);
      return join(real, relative(folder, place));
    }
    folder = dirname(folder);
  }
}

function assertInWorkspace(path: string, place: string, root: string): void {
  const way = relative(root, place);
  if (path.includes("\0") || isAbsolute(path) || isAbsolute(way) || way === ".." || way.startsWith(`..${sep}`)) {
    throw outsideWorkspace(path);
  }
}

const outsideWorkspace = (path: string): ActionError =>
  userError({
    code: "file-outside-workspace",
    message: `"${path}" leads out of the workspace`,
    fix: "Name a file below the repository's root, and no link to a place outside",
  });
