/** Applies changes to a tree and writes the resulting trees; unchanged folders are reused. */
import type { TreeChange } from "./git-repository.ts";
import { formatTree, type StoredTreeEntry } from "./tree-object.ts";

export interface TreeStore {
  /** @throws Error when there is no such tree. */
  storedEntries(sha: string): Promise<readonly StoredTreeEntry[]>;
  write(content: Buffer): Promise<string>;
}

/** A change, or the changes below one name. */
type Edit = { readonly change: TreeChange } | { readonly below: Edits };
type Edits = Map<string, Edit>;

/**
 * Writes `base` (a tree; `undefined` is the empty one) with `changes` applied; later ones win. A file at the path of a
 * new folder is replaced; a folder without files is removed.
 * @throws Error for a path git would not check out.
 */
export async function editTree(
  store: TreeStore,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const edits: Edits = new Map();
  for (const change of changes) addEdit(edits, splitPath(change.path), change);
  return (await apply(store, base, edits)) ?? store.write(formatTree([]));
}

/** Why git would not accept this path in a tree, or `undefined` when it would. */
export function treePathError(path: string): string | undefined {
  const parts = path.split("/");
  if (parts.some((part) => part === "")) return "path cannot start or end with a slash, or have two in a row";
  if (parts.some((part) => part === "." || part === "..")) return 'path cannot contain "." or ".."';
  if (parts.some((part) => /^(\.git|git~1)$/i.test(part))) return 'path cannot contain ".git"';
  return path.includes("\0") ? "path cannot contain a zero byte" : undefined;
}

function splitPath(path: string): string[] {
  const problem = treePathError(path);
  if (problem) throw new Error(`"${path}" is not a valid path in a tree: ${problem}`);
  return path.split("/");
}

function addEdit(edits: Edits, [name = "", ...rest]: readonly string[], change: TreeChange): void {
  if (rest.length === 0) {
    edits.set(name, { change });
    return;
  }
  const existing = edits.get(name);
  const below: Edits = existing && "below" in existing ? existing.below : new Map();
  edits.set(name, { below });
  addEdit(below, rest, change);
}

/** The tree's SHA, or `undefined` when nothing is left of it. */
async function apply(store: TreeStore, base: string | undefined, edits: Edits): Promise<string | undefined> {
  const entries = new Map((base ? await store.storedEntries(base) : []).map((entry) => [entry.name, entry]));
  for (const [name, edit] of edits) {
    const edited = await applyEdit(store, name, entries.get(name), edit);
    if (edited) entries.set(name, edited);
    else entries.delete(name);
  }
  return entries.size === 0 ? undefined : store.write(formatTree([...entries.values()]));
}

async function applyEdit(
  store: TreeStore,
  name: string,
  existing: StoredTreeEntry | undefined,
  edit: Edit,
): Promise<StoredTreeEntry | undefined> {
  if ("change" in edit) {
    const { mode, sha } = edit.change;
    return sha === null ? undefined : { name, mode, sha };
  }
  const sha = await apply(store, existing?.mode === "040000" ? existing.sha : undefined, edit.below);
  return sha === undefined ? unlessFolder(existing) : { name, mode: "040000", sha };
}

/** A deletion below a path that is a file deletes nothing: the file stays. */
const unlessFolder = (entry: StoredTreeEntry | undefined): StoredTreeEntry | undefined =>
  entry?.mode === "040000" ? undefined : entry;
