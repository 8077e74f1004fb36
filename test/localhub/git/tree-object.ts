/**
 * Parses and formats the stored bytes of trees. A tree that git writes today keeps its SHA when it is read and written
 * again. Another one may not: old modes (100664, or with a leading zero) and a wrong order become today's, and bytes
 * of a name that are not UTF-8 are lost.
 */
import type { TreeEntry } from "./git-repository.ts";

/** One entry of one stored tree: a name, not yet a path. */
export interface StoredTreeEntry {
  readonly name: string;
  readonly mode: TreeEntry["mode"];
  readonly sha: string;
}

/** A stored entry is `<mode> <name>`, a zero byte, and the SHA as bytes. */
const SPACE = 0x20;
const NUL = 0;
const SHA_BYTES = 20;
const MODES: readonly string[] = ["100644", "100755", "040000", "160000", "120000"];

/** @throws Error for a mode that git does not write today. */
export function parseTree(content: Buffer): readonly StoredTreeEntry[] {
  const entries: StoredTreeEntry[] = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(SPACE, at);
    const nul = content.indexOf(NUL, space);
    const end = nul + 1 + SHA_BYTES;
    entries.push({
      name: content.toString("utf8", space + 1, nul),
      mode: readMode(content.toString("latin1", at, space)),
      sha: content.toString("hex", nul + 1, end),
    });
    at = end;
  }
  return entries;
}

/** In git's order, whatever the order of `entries`. */
export function formatTree(entries: readonly StoredTreeEntry[]): Buffer {
  const parts = entries
    .map((entry) => ({ entry, key: sortKey(entry) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .flatMap(({ entry }) => [
      Buffer.from(`${entry.mode.replace(/^0/, "")} ${entry.name}\0`),
      Buffer.from(entry.sha, "hex"),
    ]);
  return Buffer.concat(parts);
}

export function entryTypeOf(mode: TreeEntry["mode"]): TreeEntry["type"] {
  if (mode === "040000") return "tree";
  return mode === "160000" ? "commit" : "blob";
}

/** Git sorts a folder as if its name ended in a slash. */
function sortKey({ mode, name }: StoredTreeEntry): Buffer {
  return Buffer.from(mode === "040000" ? `${name}/` : name);
}

function readMode(text: string): TreeEntry["mode"] {
  const mode = text.padStart(6, "0");
  // Early git wrote group-writable files; they are treated as normal files.
  if (mode === "100664") return "100644";
  if (!MODES.includes(mode)) throw new Error(`a tree has an entry of mode ${mode}, which git does not use`);
  return mode as TreeEntry["mode"];
}
