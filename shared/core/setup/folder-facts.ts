/** What is known of a repository before anything is set up. */
export interface FolderFacts {
  /** Paths of the files that a clone of it has, relative to its root. */
  readonly paths: readonly string[];
  /** The same of the files that lie in this folder only: ignored by git, or not committed yet. */
  readonly untracked: readonly string[];
  /** Text of those that say how the project works, as far as they could be read, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A guess, and what it was made from: a person can judge it then. */
export interface Guess<T> {
  readonly value: T;
  readonly because: string;
}

export const baseNameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Nearest the root first, then by name. */
export const byDepth = (a: string, b: string): number =>
  a.split("/").length - b.split("/").length || (a < b ? -1 : Number(a > b));

/** Tests have data and results of their own, and say nothing about the model. */
export const isOfTests = (path: string): boolean =>
  /(?:^|\/)(?:tests?|testing|fixtures?|__tests__|node_modules|site-packages|\.?venv|env)\//i.test(path);
