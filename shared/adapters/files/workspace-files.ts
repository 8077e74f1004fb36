/** Files as our actions use them; every path is relative to the workspace and written with `/`. */
export interface WorkspaceFiles {
  /** @throws ActionError `file-missing`, `not-a-file`, `file-too-large`, `file-outside-workspace`, `file-unreadable` */
  read(path: string, most?: number): Promise<Uint8Array>;
  /** As `read`, and the bytes must be UTF-8; a byte order mark is dropped. */
  readText(path: string, most?: number): Promise<string>;
  /** The file's bytes piece by piece, without a limit on its size. */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Size and SHA-256, read piece by piece. */
  digestFile(path: string): Promise<FileDigest>;
  exists(path: string): Promise<boolean>;
  /** Makes folders as needed. The file is there whole or as it was before, never in between. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /**
   * The files that paths and globs name, each once, sorted by code units; `.git` and `node_modules` are left out.
   * @throws ActionError `no-files` for a pattern that matches none: what is not there must not pass as fine
   */
  list(patterns: readonly string[]): Promise<readonly string[]>;
}

export interface FileDigest {
  readonly path: string;
  readonly bytes: number;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
}
