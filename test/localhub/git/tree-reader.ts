/** Reads trees as lists of paths, and finds the entry at a path. */
import type { TreeEntry } from "./git-repository.ts";
import type { ObjectReader } from "./object-reader.ts";
import { entryTypeOf, parseTree, type StoredTreeEntry } from "./tree-object.ts";

export interface TreeReader {
  /** The entries of a tree, or of a commit's tree, as they are stored: names and no sizes. */
  storedEntries(sha: string): Promise<readonly StoredTreeEntry[] | undefined>;
  entries(sha: string, recursive: boolean): Promise<TreeEntry[] | undefined>;
  /** The entry at `path` below the tree `root`; the empty path is the root itself. */
  entryAt(root: string, path: string): Promise<TreeEntry | undefined>;
}

/** By the SHA of the blob. */
type Sizes = Map<string, Promise<number | undefined>>;

export function createTreeReader(objects: ObjectReader): TreeReader {
  async function storedEntries(sha: string): Promise<readonly StoredTreeEntry[] | undefined> {
    const object = await objects.object(`${sha}^{tree}`);
    return object && parseTree(object.content);
  }

  async function entry(stored: StoredTreeEntry, prefix: string, sizes: Sizes): Promise<TreeEntry> {
    const type = entryTypeOf(stored.mode);
    const size = type === "blob" ? await sizeOf(stored.sha, sizes) : undefined;
    return { path: `${prefix}${stored.name}`, mode: stored.mode, type, sha: stored.sha, size };
  }

  /** Trees often contain the same content many times. */
  function sizeOf(sha: string, sizes: Sizes): Promise<number | undefined> {
    const size = sizes.get(sha) ?? objects.info(sha).then((header) => header?.size);
    sizes.set(sha, size);
    return size;
  }

  async function below(
    sha: string,
    prefix: string,
    recursive: boolean,
    sizes: Sizes,
  ): Promise<TreeEntry[] | undefined> {
    const found = await storedEntries(sha);
    const parts = found?.map(async (stored) => {
      const self = await entry(stored, prefix, sizes);
      const inner = recursive && self.type === "tree" ? await below(self.sha, `${self.path}/`, true, sizes) : undefined;
      return inner ? [self, ...inner] : [self];
    });
    return parts && (await Promise.all(parts)).flat();
  }

  return {
    storedEntries,
    entries: (sha, recursive) => below(sha, "", recursive, new Map()),
    async entryAt(root, path) {
      const tree = await objects.info(`${root}^{tree}`);
      if (!tree) return undefined;
      let at: TreeEntry = { path: "", mode: "040000", type: "tree", sha: tree.sha, size: undefined };
      for (const name of path.split("/").filter(Boolean)) {
        const stored = at.type === "tree" ? (await storedEntries(at.sha))?.find((one) => one.name === name) : undefined;
        if (!stored) return undefined;
        at = await entry(stored, at.path && `${at.path}/`, new Map());
      }
      return at;
    },
  };
}
