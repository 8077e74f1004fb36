/** Where a path really leads, and that it stays in the workspace. */
import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { type ActionFailure, mistake } from "../../action/problem.ts";

/**
 * The real, absolute place of a file that exists, links followed.
 * @throws ActionFailure `file-outside-workspace`, and the file system's error when there is nothing
 */
export async function placeOf(workspace: string, path: string): Promise<string> {
  assertInside(path, join(workspace, path), workspace);
  const root = await realpath(workspace);
  const real = await realpath(join(root, path));
  assertInside(path, real, root);
  return real;
}

/** The place of a file to be written: its nearest folder that exists must lie in the workspace. */
export async function placeToWrite(workspace: string, path: string): Promise<string> {
  assertInside(path, join(workspace, path), workspace);
  const root = await realpath(workspace);
  const place = join(root, path);
  let folder = dirname(place);
  for (;;) {
    const real = await realpath(folder).catch(() => undefined);
    if (real !== undefined) {
      assertInside(path, real, root);
      return join(real, relative(folder, place));
    }
    folder = dirname(folder);
  }
}

function assertInside(path: string, place: string, root: string): void {
  const way = relative(root, place);
  if (path.includes("\0") || isAbsolute(path) || isAbsolute(way) || way === ".." || way.startsWith(`..${sep}`)) {
    throw outside(path);
  }
}

const outside = (path: string): ActionFailure =>
  mistake({
    code: "file-outside-workspace",
    message: `"${path}" leads out of the workspace`,
    fix: "Name a file below the repository's root, and no link to a place outside",
  });
