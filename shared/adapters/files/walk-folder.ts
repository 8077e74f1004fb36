/** The files below a folder. Links are followed inside the workspace, and a circle of links ends. */
import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { userError } from "../../problem/problem.ts";
import { linkBroken, notAFile, toFileError } from "./errors.ts";
import { isInside, outsideWorkspace } from "./resolve-workspace-path.ts";

export interface FoundFile {
  /** As it was found, relative to the workspace, with `/`. */
  readonly path: string;
  /** Absolute, links resolved. */
  readonly real: string;
}

export interface Walk {
  /** Where it starts, relative to the workspace; the empty string for the workspace itself. */
  readonly path: string;
  /** For messages. */
  readonly pattern: string;
  /** How many names below that a file may lie. */
  readonly maxDepth: number;
  readonly isMatch: (path: string) => boolean;
  readonly maxFolders?: number;
}

/** Left out unless the walk starts there: git's own files, and installed packages. */
const LEFT_OUT = new Set([".git", "node_modules"]);
/** Links that lead to folders with links multiply; no tree of data or models has so many. */
const MAX_FOLDERS = 100_000;

interface Folder {
  readonly path: string;
  readonly real: string;
  /** Real paths of the folders that lead here, itself included. */
  readonly within: ReadonlySet<string>;
  readonly depth: number;
}

/** @param root real path of the workspace. @throws ActionError for what matches and is no file, or leads out */
export async function walkFolder(root: string, walk: Walk): Promise<readonly FoundFile[]> {
  const { maxFolders = MAX_FOLDERS } = walk;
  const found: FoundFile[] = [];
  const start = await realpath(join(root, walk.path));
  if (!isInside(start, root)) throw outsideWorkspace(walk.path);
  const open: Folder[] = [{ path: walk.path, real: start, within: new Set([start]), depth: 1 }];
  for (let folders = 0; ; folders++) {
    const folder = open.pop();
    if (folder === undefined) return found;
    if (folders === maxFolders) throw tooManyFolders(walk.pattern, maxFolders);
    for (const entry of await readFolder(folder)) {
      if (LEFT_OUT.has(entry.name)) continue;
      const path = folder.path === "" ? entry.name : `${folder.path}/${entry.name}`;
      const item = await resolveEntry(join(folder.real, entry.name), path, entry);
      if (item.kind === "folder") {
        if (folder.depth >= walk.maxDepth || folder.within.has(item.real)) continue;
        if (!isInside(item.real, root)) throw outsideWorkspace(path);
        open.push({ path, real: item.real, within: new Set(folder.within).add(item.real), depth: folder.depth + 1 });
        continue;
      }
      if (!walk.isMatch(path)) continue;
      if (item.kind === "nothing") throw linkBroken(path);
      if (!isInside(item.real, root)) throw outsideWorkspace(path);
      if (item.kind === "special") throw notAFile(path);
      found.push({ path, real: item.real });
    }
  }
}

async function readFolder({ path, real }: Folder): Promise<readonly Dirent[]> {
  try {
    return await readdir(real, { withFileTypes: true });
  } catch (error) {
    throw toFileError(path === "" ? "." : path, "read", error);
  }
}

type Item =
  | { readonly kind: "file" | "folder" | "special"; readonly real: string }
  /** A link to something that does not exist. */
  | { readonly kind: "nothing" };

async function resolveEntry(absolute: string, path: string, entry: Dirent): Promise<Item> {
  if (!entry.isSymbolicLink()) return { kind: kindOf(entry), real: absolute };
  try {
    const real = await realpath(absolute);
    return { kind: kindOf(await stat(real)), real };
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ELOOP" || code === "ENOTDIR") return { kind: "nothing" };
    throw toFileError(path, "read", error);
  }
}

const kindOf = (entry: Pick<Dirent, "isFile" | "isDirectory">): "file" | "folder" | "special" =>
  entry.isFile() ? "file" : entry.isDirectory() ? "folder" : "special";

const tooManyFolders = (pattern: string, most: number) =>
  userError({
    code: "too-many-folders",
    message: `"${pattern}" leads through more than ${most.toLocaleString("en")} folders`,
    fix: "Begin the pattern with the folder that has the files, and check where links in it lead",
  });
