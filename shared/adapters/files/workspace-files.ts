/** The files of the workspace; every path is relative to it and written with `/`. */
export interface WorkspaceFiles {
  /** @throws ActionError `file-missing`, `not-a-file`, `file-too-large`, `file-outside-workspace`, `file-unreadable` */
  read(path: string, maxBytes?: number): Promise<Uint8Array>;
  /** Like `read`, and the bytes must be UTF-8; a byte order mark is dropped. */
  readText(path: string, maxBytes?: number): Promise<string>;
  /** The file's bytes in chunks, without a limit on its size. */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Size and SHA-256, read in chunks. */
  digestFile(path: string): Promise<FileDigest>;
  exists(path: string): Promise<boolean>;
  /** Creates folders as needed. Afterwards the file has the new content or still the old one, never a part. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /**
   * The files that paths and globs match, each once, sorted by code units; `.git` and `node_modules` are left out.
   * @throws ActionError `no-files` for a pattern that matches none: missing files must not look like a success
   */
  list(patterns: readonly string[]): Promise<readonly string[]>;
}

export interface FileDigest {
  readonly path: string;
  readonly bytes: number;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
}
