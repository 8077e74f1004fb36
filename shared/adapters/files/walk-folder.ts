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

/** Left out at the top of the workspace, unless the pattern names them: git's own files, and installed packages. */
const LEFT_OUT = [".git", "node_modules"];
/** Links that lead to folders with links multiply; no tree of data or models has so many. */
const MAX_FOLDERS = 100_000;
/** How often a folder may lead to itself where a pattern has no depth: once shows every name that a link gives it. */
const MAX_TURNS = 2;

interface Folder {
  readonly path: string;
  readonly real: string;
  /** How often each folder, by its real path, leads here; itself included. */
  readonly within: ReadonlyMap<string, number>;
  readonly depth: number;
  /** Whether the pattern matches the folder or one above it: then every file below is meant. */
  readonly isWhole: boolean;
}

/** @param root real path of the workspace. @throws ActionError for what matches and is no file, or leads out */
export async function walkFolder(root: string, walk: Walk): Promise<readonly FoundFile[]> {
  const { maxFolders = MAX_FOLDERS } = walk;
  const found: FoundFile[] = [];
  const start = await realpath(join(root, walk.path));
  if (!isInside(start, root)) throw outsideWorkspace(walk.path);
  const open: Folder[] = [{ path: walk.path, real: start, within: new Map([[start, 1]]), depth: 1, isWhole: false }];
  for (let folders = 0; ; folders++) {
    const folder = open.pop();
    if (folder === undefined) return found;
    if (folders === maxFolders) throw tooManyFolders(walk.pattern, maxFolders);
    for (const { name, entry, isUtf8 } of await readFolder(folder)) {
      if (folder.path === "" && isLeftOut(name, entry, walk.pattern)) continue;
      const path = folder.path === "" ? name : `${folder.path}/${name}`;
      const isMeant = folder.isWhole || walk.isMatch(path);
      const mayLeadOn = isMeant || folder.depth < walk.maxDepth;
      if (!isUtf8 && (isMeant || (mayLeadOn && !entry.isFile()))) throw notUtf8(path);
      const item = await resolveEntry(join(folder.real, name), path, entry);
      if (item.kind === "folder") {
        if (!mayLeadOn || !mayEnter(folder, item.real, walk.maxDepth)) continue;
        if (!isInside(item.real, root)) throw outsideWorkspace(path);
        const within = new Map(folder.within).set(item.real, (folder.within.get(item.real) ?? 0) + 1);
        open.push({ path, real: item.real, within, depth: folder.depth + 1, isWhole: isMeant });
        continue;
      }
      // What a broken link led to may have been a folder with files that the pattern matches.
      if (item.kind === "nothing") {
        if (mayLeadOn) throw linkBroken(path);
        continue;
      }
      if (!isMeant) continue;
      if (!isInside(item.real, root)) throw outsideWorkspace(path);
      if (item.kind === "special") throw notAFile(path);
      found.push({ path, real: item.real });
    }
  }
}

const isLeftOut = (name: string, entry: Pick<Dirent, "isFile">, pattern: string): boolean =>
  LEFT_OUT.includes(name) && !pattern.includes(name) && (name === ".git" || !entry.isFile());

/** A circle of links ends. A pattern of a certain depth ends by itself, and may go through one. */
const mayEnter = ({ within, isWhole }: Folder, real: string, maxDepth: number): boolean =>
  (within.get(real) ?? 0) < (isWhole ? 1 : Number.isFinite(maxDepth) ? maxDepth + 1 : MAX_TURNS);

interface NamedEntry {
  readonly name: string;
  readonly entry: Pick<Dirent, "isFile" | "isDirectory" | "isSymbolicLink">;
  readonly isUtf8: boolean;
}

async function readFolder({ path, real }: Folder): Promise<readonly NamedEntry[]> {
  try {
    const entries = await readdir(real, { withFileTypes: true, encoding: "buffer" });
    return entries.map((entry) => {
      const name = entry.name.toString("utf8");
      return { name, entry, isUtf8: !name.includes("\uFFFD") || Buffer.from(name).equals(entry.name) };
    });
  } catch (error) {
    throw toFileError(path === "" ? "." : path, "read", error);
  }
}

const notUtf8 = (path: string) =>
  userError({
    code: "name-not-utf8",
    message: "its name is not UTF-8, and no record could name it",
    place: { file: path },
    fix: "Rename it, or name files that do not include it",
  });

type Item =
  | { readonly kind: "file" | "folder" | "special"; readonly real: string }
  /** A link to something that does not exist. */
  | { readonly kind: "nothing" };

async function resolveEntry(absolute: string, path: string, entry: NamedEntry["entry"]): Promise<Item> {
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
