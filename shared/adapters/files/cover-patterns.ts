/** Which files patterns cover: all of them, links and dotfiles too, or an error that says which one could not be covered. */
import { lstat, realpath, stat } from "node:fs/promises";
import { join, posix, relative } from "node:path";
import picomatch from "picomatch";
import { type ActionError, userError } from "../../problem/problem.ts";
import { compilePattern } from "./compile-pattern.ts";
import { linkBroken, notAFile, toFileError } from "./errors.ts";
import { isInside, outsideWorkspace, withSlashes } from "./resolve-workspace-path.ts";
import { type FoundFile, walkFolder } from "./walk-folder.ts";
import type { CoveredFiles } from "./workspace-files.ts";

/**
 * A path stands for a file, or for every file below a folder. Any other pattern is matched with the paths below the part of
 * it that has no wildcards. One that begins with `!` leaves out what patterns before it found, by the name they found it under.
 *
 * @param workspace absolute path of the folder that all files must be in
 * @param folder the patterns are relative to it; a name, never a pattern
 * @throws ActionError `no-files`, `pattern-too-complex`, `pattern-range`, `link-broken`, `not-a-file`, `name-not-utf8`,
 *   `file-outside-workspace`, `too-many-folders`, `workspace-missing`
 */
export async function coverPatterns(
  workspace: string,
  patterns: readonly string[],
  folder = ".",
): Promise<CoveredFiles> {
  const root = await realpath(workspace).catch((error: unknown) => {
    throw workspaceMissing(error);
  });
  const below = normalizePattern(folder);
  let found: (readonly FoundFile[])[] = [];
  for (const pattern of patterns) {
    if (pattern.startsWith("!")) {
      const isLeftOut = compileExclusion(pattern.slice(1), below);
      found = [...found.map((files) => files.filter(({ path }) => !isLeftOut(path))), []];
    } else found.push(await coverPattern(root, pattern, below));
  }
  for (const [at, pattern] of patterns.entries()) {
    if (!pattern.startsWith("!") && found[at]?.length === 0) throw noFiles(pattern);
  }
  // Without a pattern nothing is asked for.
  if (patterns.length > 0 && found.flat().length === 0) throw noFiles(patterns.join(" "));
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
    const own = withSlashes(relative(root, real));
    if (known === undefined || path === own || (known !== own && path < known)) names.set(real, path);
  }
  return names;
}

async function coverPattern(root: string, pattern: string, folder: string): Promise<readonly FoundFile[]> {
  const path = normalizePattern(pattern);
  const from = (inner: string): string => posix.join(folder, inner);
  const named = (await isThere(root, from(path))) ? await coverPath(root, from(path)) : [];
  const { base, glob } = picomatch.scan(path);
  // A name may look like a pattern. It hides nothing: what the pattern matches is covered as well.
  if (glob === "" || !(await isFolder(root, from(base)))) return named;
  // Without `**` and groups, no file can be deeper than the pattern.
  const maxDepth = /\*\*|[{(]/.test(glob) ? Number.POSITIVE_INFINITY : glob.split("/").length;
  const matches = compilePattern(path);
  const skipped = folder === "." ? 0 : folder.length + 1;
  const start = from(base) === "." ? "" : from(base);
  const isMatch = (found: string): boolean => matches(found.slice(skipped));
  return [...named, ...(await walkFolder(root, { path: start, pattern, maxDepth, isMatch }))];
}

/** Whether a pattern leaves a file out: itself, or a folder that it is in. */
export function compileExclusion(pattern: string, folder: string): (path: string) => boolean {
  const path = normalizePattern(pattern);
  const matches = compilePattern(path);
  const skipped = folder === "." ? 0 : folder.length + 1;
  return (found) => {
    const names = found.slice(skipped).split("/");
    return names.some((_, at) => {
      const part = names.slice(0, at + 1).join("/");
      // A name may look like a pattern.
      return part === path || matches(part);
    });
  };
}

async function isThere(root: string, path: string): Promise<boolean> {
  try {
    await lstat(join(root, path));
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP"].includes(code)) return false;
    throw toFileError(path, "read", error);
  }
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

/** A way up anywhere, or the folder itself as one of a group. */
const DOTS_IN_GROUP = /(?:^|[/{(,|])\.\.(?:[/}),|]|$)|[{(,|]\.(?:[/}),|]|$)/;

/** @throws ActionError `file-outside-workspace` */
function normalizePattern(pattern: string): string {
  // `a/{b,../c}` and `a/{.,b}` cannot be told what it leads to before it is taken apart.
  if (/[{(]/.test(pattern) && DOTS_IN_GROUP.test(pattern)) throw outsideWorkspace(pattern);
  const path = posix.normalize(withSlashes(pattern)).replace(/(?<=.)\/$/, "");
  if (path.startsWith("/") || /^\.\.(?:\/|$)/.test(path) || /^[A-Za-z]:/.test(path) || path.includes("\0")) {
    throw outsideWorkspace(pattern);
  }
  return path;
}

const noFiles = (pattern: string): ActionError =>
  userError({
    code: "no-files",
    message: `no file matches "${pattern}"`,
    fix: "Check the pattern and those with ! after it, that an earlier step creates the files, and that the repository is checked out",
  });

const workspaceMissing = (cause: unknown): ActionError =>
  userError(
    {
      code: "workspace-missing",
      message: "the workspace is gone",
      fix: "Check that no command of the job removes its own folder",
    },
    cause,
  );
