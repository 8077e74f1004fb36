/** Parses and formats the stored bytes of trees. */
import type { TreeEntry } from "./git-repository.ts";

/** One entry of one stored tree: a name, not yet a path. */
export interface TreeItem {
  readonly name: string;
  readonly mode: TreeEntry["mode"];
  readonly sha: string;
}

const SHA_BYTES = 20;
const MODES: readonly string[] = ["100644", "100755", "040000", "160000", "120000"];

/** @throws Error for a mode that git does not write today. */
export function parseTree(content: Buffer): TreeItem[] {
  const items: TreeItem[] = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at);
    const nul = content.indexOf(0, space);
    const end = nul + 1 + SHA_BYTES;
    items.push({
      name: content.toString("utf8", space + 1, nul),
      mode: readMode(content.toString("latin1", at, space)),
      sha: content.toString("hex", nul + 1, end),
    });
    at = end;
  }
  return items;
}

export function formatTree(items: readonly TreeItem[]): Buffer {
  const parts = items
    .map((item) => ({ item, key: sortKey(item) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .flatMap(({ item }) => [
      Buffer.from(`${item.mode.replace(/^0/, "")} ${item.name}\0`),
      Buffer.from(item.sha, "hex"),
    ]);
  return Buffer.concat(parts);
}

export function entryTypeOf(mode: TreeEntry["mode"]): TreeEntry["type"] {
  if (mode === "040000") return "tree";
  return mode === "160000" ? "commit" : "blob";
}

/** Git sorts a folder as if its name ended in a slash. */
function sortKey(item: TreeItem): Buffer {
  return Buffer.from(item.mode === "040000" ? `${item.name}/` : item.name);
}

function readMode(text: string): TreeEntry["mode"] {
  const mode = text.padStart(6, "0");
  // Early git wrote group-writable files; they are treated as normal files.
  if (mode === "100664") return "100644";
  if (!MODES.includes(mode)) throw new Error(`a tree has an entry of mode ${mode}, which git does not use`);
  return mode as TreeEntry["mode"];
}
