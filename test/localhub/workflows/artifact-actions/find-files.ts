/** Which files `path:` of actions/upload-artifact selects, and their names in the archive. */
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { type FilePattern, matchesFile, readFilePatterns } from "../../workflow-language/file-patterns.ts";

export interface FoundFile {
  readonly file: string;
  /** Its path in the archive. */
  readonly name: string;
}

/**
 * Names are relative to the folder where the search starts; with several such folders, to their nearest common folder.
 * A single file given by its path is at the top.
 */
export async function findFiles(workspace: string, path: string, withHidden: boolean): Promise<readonly FoundFile[]> {
  const patterns = readFilePatterns(workspace, path);
  const roots = searchRoots(patterns);
  const files: string[] = [];
  for (const root of roots) {
    for await (const file of walk(root, withHidden, [])) if (matchesFile(patterns, file)) files.push(file);
  }
  const top = topFolder(roots, files) ?? workspace;
  return files.map((file) => ({ file, name: relative(top, file) }));
}

function topFolder(roots: readonly string[], files: readonly string[]): string | undefined {
  const [only, ...others] = roots;
  if (only === undefined || others.length > 0) return only && commonFolder(roots);
  return files.length === 1 && files[0] === only ? dirname(only) : only;
}

function searchRoots(patterns: readonly FilePattern[]): readonly string[] {
  const roots = [...new Set(patterns.filter(({ negated }) => !negated).map(({ searchRoot }) => searchRoot))];
  return roots.filter((root) => !roots.some((other) => other !== root && `${root}/`.startsWith(`${other}/`)));
}

function commonFolder(paths: readonly string[]): string {
  const [first = [], ...rest] = paths.map((path) => path.split("/"));
  const end = first.findIndex((name, index) => rest.some((other) => other[index] !== name));
  return `/${(end < 0 ? first : first.slice(0, end)).filter(Boolean).join("/")}`;
}

/** Follows symbolic links, skips those that are broken or lead back to a folder above. */
async function* walk(path: string, withHidden: boolean, above: readonly string[]): AsyncGenerator<string> {
  if (!withHidden && basename(path).startsWith(".")) return;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) {
    yield path;
    return;
  }
  const real = await realpath(path);
  if (above.includes(real)) return;
  for (const name of (await readdir(path)).sort()) yield* walk(join(path, name), withHidden, [...above, real]);
}
