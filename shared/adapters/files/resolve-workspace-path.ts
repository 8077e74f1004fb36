/** Resolves a path with its links, and checks that it is in the workspace. */
import { realpath } from "node:fs/promises";
import nodePath, { dirname, join } from "node:path";
import { type ActionError, userError } from "../../problem/problem.ts";

/**
 * The real, absolute path of a file that exists, links followed.
 * @throws ActionError `file-outside-workspace`, and the file system's error when it does not exist
 */
export async function resolveExistingPath(workspace: string, path: string): Promise<string> {
  assertInWorkspace(path, join(workspace, path), workspace);
  const root = await realpath(workspace);
  const real = await realpath(join(root, path));
  assertInWorkspace(path, real, root);
  return real;
}

/** The real path of a file to write: the nearest existing folder above it must be in the workspace. */
export async function resolvePathToWrite(workspace: string, path: string): Promise<string> {
  assertInWorkspace(path, join(workspace, path), workspace);
  const root = await realpath(workspace);
  const target = join(root, path);
  let folder = dirname(target);
  for (;;) {
    const real = await realpath(folder).catch(() => undefined);
    if (real !== undefined) {
      assertInWorkspace(path, real, root);
      return join(real, nodePath.relative(folder, target));
    }
    folder = dirname(folder);
  }
}

function assertInWorkspace(path: string, absolute: string, root: string): void {
  if (namesOutside(path) || !isInside(absolute, root)) throw outsideWorkspace(path);
}

type PathRules = Pick<typeof nodePath, "isAbsolute" | "relative" | "sep">;

/**
 * Whether a path cannot be of the workspace, whatever is there: an absolute one; on Windows also one of a drive (`C:file`), of a
 * device, or of a stream of a file (`metrics.json:other`), which all have a colon.
 */
export const namesOutside = (path: string, { isAbsolute, sep }: PathRules = nodePath): boolean =>
  path.includes("\0") || isAbsolute(path) || (sep === "\\" && path.includes(":"));

/** Whether an absolute path is the folder `root` or below it: on Windows in any case of letters. */
export function isInside(absolute: string, root: string, { isAbsolute, relative, sep }: PathRules = nodePath): boolean {
  const inside = relative(root, absolute);
  return !isAbsolute(inside) && inside !== ".." && !inside.startsWith(`..${sep}`);
}

/** As records, comments and artifacts write it, on every system. */
export const withSlashes = (path: string, { sep }: Pick<PathRules, "sep"> = nodePath): string =>
  sep === "/" ? path : path.replaceAll(sep, "/");

export const outsideWorkspace = (path: string): ActionError =>
  userError({
    code: "file-outside-workspace",
    message: `"${path}" is outside the workspace, or is a link that leads there`,
    fix: "Name files below the repository's root; put what a link leads to there as well",
  });
