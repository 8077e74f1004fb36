/** The port to the registry; `adapters/registry` stores it in git tags. */

/** A tag as in a list. */
export interface TagRef {
  readonly name: string;
  /** SHA of what the name points to: the tag object of an annotated tag. */
  readonly object: string;
  readonly annotated: boolean;
}

export interface Tag extends TagRef {
  /** The commit the tag object points to. */
  readonly commit: string;
  readonly message: string;
}

export interface NewTag {
  readonly name: string;
  readonly commit: string;
  readonly message: string;
  /** UTC, ISO 8601. Part of the tag object: the same tag created again is the same object. */
  readonly at: string;
}

/** What is needed of a model that has many tags. */
export interface TagSelection {
  /** With their withdrawals. */
  readonly versions: readonly string[];
  /** Of environments, from one number on to another. */
  readonly assignments: readonly { readonly environment: string; readonly from: number; readonly to: number }[];
}

export interface Registry {
  /** All tags of one model. @param selection only these are needed: there may be more all the same */
  list(model: string, selection?: TagSelection): Promise<readonly TagRef[]>;
  /** @throws ActionError `tag-not-annotated` for a lightweight tag, which has no message */
  read(ref: TagRef): Promise<Tag>;
  /**
   * Creates the tag unless the name exists; never moves one. `mine` is false when another object has the name.
   * @throws ActionError `tag-target-refused` where GitHub lets this token not tag that commit
   */
  create(tag: NewTag): Promise<{ readonly ref: TagRef; readonly mine: boolean }>;
  /** A commit of its own, on no branch, that contains one file. The same file again is the same commit. @returns its SHA */
  createCommit(file: NewCommit): Promise<string>;
}

export interface NewCommit {
  readonly path: string;
  readonly text: string;
  readonly title: string;
  /** UTC, ISO 8601. Part of the commit. */
  readonly at: string;
}

/** What `create` throws where GitHub lets the token not tag a commit. */
export const TAG_TARGET_REFUSED = "tag-target-refused";
