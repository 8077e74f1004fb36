/** Which files patterns cover: all of them, links and dotfiles too, or an error that says which one could not be covered. */
import { lstat, realpath, stat } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import picomatch from "picomatch";
import { type ActionError, userError } from "../../problem/problem.ts";
import { linkBroken, notAFile, toFileError } from "./errors.ts";
import { isInside, outsideWorkspace } from "./resolve-workspace-path.ts";
import { type FoundFile, walkFolder } from "./walk-folder.ts";
import type { CoveredFiles } from "./workspace-files.ts";

/**
 * A path stands for a file, or for every file below a folder. Any other pattern is matched with the paths below the part of
 * it that has no wildcards.
 *
 * @param workspace absolute path of the folder that all files must be in
 * @throws ActionError `no-files`, `pattern-negated`, `link-broken`, `not-a-file`, `file-outside-workspace`, `too-many-folders`
 */
export async function coverPatterns(workspace: string, patterns: readonly string[]): Promise<CoveredFiles> {
  const root = await realpath(workspace);
  const found: (readonly FoundFile[])[] = [];
  for (const pattern of patterns) {
    const files = await coverPattern(root, pattern);
    if (files.length === 0) throw noFiles(pattern);
    found.push(files);
  }
  const names = nameFiles(root, found.flat());
  const pathsOf = (files: readonly FoundFile[]): readonly string[] =>
    [...new Set(files.map(({ real }) => names.get(real) ?? real))].sort();
  return {
    paths: pathsOf(found.flat()),
    patterns: patterns.map((pattern, at) => ({ pattern, paths: pathsOf(found[at] ?? []) })),
  };
}

/** One name for each file: its own where a pattern matched that, else the smallest of the links that lead to it. */
function nameFiles(root: string, files: readonly FoundFile[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { path, real } of files) {
    const known = names.get(real);
    const own = relative(root, real).split(sep).join("/");
    if (known === undefined || path === own || (known !== own && path < known)) names.set(real, path);
  }
  return names;
}

async function coverPattern(root: string, pattern: string): Promise<readonly FoundFile[]> {
  const path = normalizePattern(pattern);
  const literal = await lstat(join(root, path)).catch(() => undefined);
  if (literal !== undefined) return coverPath(root, path);
  const { base, glob } = picomatch.scan(path);
  if (glob === "" || !(await isFolder(root, base))) return [];
  // Without `**`, no file can be deeper than the pattern. A slash in braces says nothing about the depth.
  const maxDepth = /\*\*|[{(][^})]*\//.test(glob) ? Number.POSITIVE_INFINITY : glob.split("/").length;
  // A name may have a line break, which `*` would otherwise not match.
  const isMatch = picomatch(path, { dot: true, nonegate: true, flags: "s" });
  return walkFolder(root, { path: base, pattern, maxDepth, isMatch });
}

/** @throws ActionError `link-broken` */
async function isFolder(root: string, path: string): Promise<boolean> {
  const stats = await stat(join(root, path)).catch(() => undefined);
  if (stats === undefined && (await lstat(join(root, path)).catch(() => undefined)) !== undefined)
    throw linkBroken(path);
  return stats?.isDirectory() ?? false;
}

/** What exists under that very name, also when the name looks like a pattern. */
async function coverPath(root: string, path: string): Promise<readonly FoundFile[]> {
  try {
    const real = await realpath(join(root, path));
    if (!isInside(real, root)) throw outsideWorkspace(path);
    const stats = await stat(real);
    if (stats.isFile()) return [{ path, real }];
    if (!stats.isDirectory()) throw notAFile(path);
    const all = { path: path === "." ? "" : path, pattern: path, maxDepth: Number.POSITIVE_INFINITY };
    return await walkFolder(root, { ...all, isMatch: () => true });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ENOENT" ? linkBroken(path) : toFileError(path, "read", error);
  }
}

/** @throws ActionError `pattern-negated`, `file-outside-workspace` */
function normalizePattern(pattern: string): string {
  if (pattern.startsWith("!")) throw negated(pattern);
  const path = posix.normalize(sep === "\\" ? pattern.replaceAll("\\", "/") : pattern).replace(/(?<=.)\/$/, "");
  if (path.startsWith("/") || /^\.\.(?:\/|$)/.test(path) || /^[A-Za-z]:/.test(path) || path.includes("\0")) {
    throw outsideWorkspace(pattern);
  }
  return path;
}

const negated = (pattern: string): ActionError =>
  userError({
    code: "pattern-negated",
    message: `"${pattern}" would leave files out, which is not possible`,
    fix: "Name what is wanted; a file whose own name begins with ! is named ./!",
  });

const noFiles = (pattern: string): ActionError =>
  userError({
    code: "no-files",
    message: `no file matches "${pattern}"`,
    fix: "Check the pattern, that an earlier step creates the files, and that the repository is checked out",
  });
