/** No commit: where a ref was before it was created, and is after it was deleted. */
export const ZERO_SHA = "0".repeat(40);

/**
 * The port to a bare git repository. Objects are identified by full lower-case SHA-1; refs by full name
 * (`refs/heads/…`).
 */
export interface GitRepository {
  /** The bare repository's folder. */
  readonly directory: string;

  /** The object a revision names (`main`, `refs/…`, `HEAD`, a full or short SHA, `X^1`), peeled to a commit. */
  resolve(revision: string): Promise<string | undefined>;
  /** The type of the object with that full SHA. */
  type(sha: string): Promise<Ref["type"] | undefined>;
  commit(sha: string): Promise<Commit | undefined>;
  tag(sha: string): Promise<AnnotatedTag | undefined>;
  /** The entries of a tree or of a commit's tree; `undefined` when there is no such object. */
  tree(sha: string, options?: { readonly recursive?: boolean }): Promise<readonly TreeEntry[] | undefined>;
  blob(sha: string): Promise<Buffer | undefined>;
  /** The entry at `path` in `revision`; the empty path is the root tree. */
  entryAt(revision: string, path: string): Promise<TreeEntry | undefined>;
  /** The bytes of the file at `path` in `revision`; `undefined` when there is none. */
  read(revision: string, path: string): Promise<Buffer | undefined>;

  writeBlob(content: Uint8Array): Promise<string>;
  /** Writes a tree: `base`'s entries with `changes` applied; a change with `sha: null` deletes its path. */
  writeTree(base: string | undefined, changes: readonly TreeChange[]): Promise<string>;
  writeCommit(commit: NewCommit): Promise<string>;
  writeTag(tag: NewAnnotatedTag): Promise<string>;

  refs(prefix: string): Promise<readonly Ref[]>;
  ref(name: string): Promise<Ref | undefined>;
  /** Creates the ref; false when it exists already. Atomic. */
  createRef(name: string, sha: string): Promise<boolean>;
  /** Moves the ref if it still is at `expected`; false when it is not. Atomic. */
  updateRef(name: string, sha: string, expected: string): Promise<boolean>;
  /** Deletes the ref; false when there is none. */
  deleteRef(name: string): Promise<boolean>;

  mergeBase(one: string, other: string): Promise<string | undefined>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** Commits reachable from `head` but not from `base` (when given), newest first. */
  log(head: string, options?: LogOptions): Promise<readonly Commit[]>;
  /** What changed between two commits or trees, renames found, with unified patches. */
  diff(base: string, head: string): Promise<readonly FileChange[]>;
  /** The same as text: one unified diff, or (`mail`) one message for each commit from `base` to `head`. */
  patchText(base: string, head: string, form: "diff" | "mail"): Promise<Buffer>;
  /** Merges two commits without a work tree. */
  mergeTree(ours: string, theirs: string): Promise<MergeResult>;

  /** Copies `revision` and its history from another repository (a fork). */
  fetch(from: GitRepository, revision: string): Promise<void>;
  /** Writes the files of a commit into `directory`, without a `.git`; with `path`, that folder becomes `directory`. */
  export(revision: string, directory: string, path?: string): Promise<void>;
  /** The files of a commit or tree in one archive, all below `prefix` (which ends in a slash). */
  archive(revision: string, format: "tar.gz" | "zip", prefix: string): Promise<Buffer>;
  /** Sets the branch that a clone checks out. */
  setHead(branch: string): Promise<void>;
  /** Stops the processes that serve reads; the next read starts them again. */
  close(): void;
}

export interface Ref {
  readonly name: string;
  readonly sha: string;
  /** What the ref points at directly. */
  readonly type: "commit" | "tag" | "tree" | "blob";
}

export interface GitIdentity {
  readonly name: string;
  readonly email: string;
  readonly date: Date;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitIdentity;
  readonly committer: GitIdentity;
  readonly message: string;
  /** The ASCII-armoured signature, with the text that it signs. */
  readonly signature?: { readonly text: string; readonly payload: string };
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitIdentity;
  readonly committer: GitIdentity;
  readonly message: string;
  /** ASCII-armoured. */
  readonly signature?: string;
}

export interface AnnotatedTag {
  readonly sha: string;
  readonly tag: string;
  readonly object: string;
  readonly type: "commit" | "tag" | "tree" | "blob";
  readonly tagger: GitIdentity;
  readonly message: string;
}
export type NewAnnotatedTag = Omit<AnnotatedTag, "sha">;

export interface TreeEntry {
  readonly path: string;
  readonly mode: "100644" | "100755" | "040000" | "160000" | "120000";
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  /** Bytes, for blobs. */
  readonly size: number | undefined;
}

export interface TreeChange {
  readonly path: string;
  readonly mode: TreeEntry["mode"];
  readonly type: TreeEntry["type"];
  readonly sha: string | null;
}

export interface FileChange {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed";
  readonly additions: number;
  readonly deletions: number;
  readonly sha: string;
  /** The unified diff's hunks; `undefined` for binary files. */
  readonly patch: string | undefined;
}

export type MergeResult =
  | { readonly clean: true; readonly tree: string }
  | { readonly clean: false; readonly conflicts: readonly string[] };

export interface LogOptions {
  readonly base?: string;
  /** Only commits that touch this path. */
  readonly path?: string;
  readonly limit?: number;
}
