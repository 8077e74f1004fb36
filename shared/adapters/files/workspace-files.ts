/** The files of the workspace; every path is relative to it and written with `/`. */
export interface WorkspaceFiles {
  /** @throws ActionError `file-missing`, `not-a-file`, `file-too-large`, `file-outside-workspace`, `file-unreadable` */
  read(path: string, maxBytes?: number): Promise<Uint8Array>;
  /** Like `read`, and the bytes must be UTF-8; a byte order mark is dropped. */
  readText(path: string, maxBytes?: number): Promise<string>;
  /** The file's bytes in chunks, without a limit on its size. */
  stream(path: string, chunkBytes?: number): AsyncIterable<Uint8Array>;
  /** Opens the file to be read at any place; who asks closes the descriptor. */
  openToRead(path: string): Promise<number>;
  /** In bytes. */
  sizeOf(path: string): Promise<number>;
  /** Size and SHA-256, read in chunks. */
  digestFile(path: string): Promise<FileDigest>;
  /** In hex: what some stores name content by. It proves nothing. */
  md5Of(path: string): Promise<string>;
  exists(path: string): Promise<boolean>;
  /** The file's own path, all links resolved; of one that does not exist, where it would be written. */
  locate(path: string): Promise<string>;
  /** Creates folders as needed. Afterwards the file has the new content or still the old one, never a part. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /**
   * The files that paths, folders and globs cover, less those that patterns with `!` after them leave out; `.git` and `node_modules` at the top are left out, unless a
   * pattern names them.
   * @throws ActionError `no-files` for a pattern that covers none: missing files must not look like a success
   */
  list(patterns: readonly string[]): Promise<readonly string[]>;
  /** The same, and which pattern covers which. @param folder the patterns are relative to it; a name, never a pattern */
  cover(patterns: readonly string[], folder?: string): Promise<CoveredFiles>;
}

export interface CoveredFiles {
  /** Each file once, by the place where its bytes are, sorted by code units. */
  readonly paths: readonly string[];
  /** In the order in which they were given; a file may be covered by several. */
  readonly patterns: readonly { readonly pattern: string; readonly paths: readonly string[] }[];
}

export interface FileDigest {
  readonly path: string;
  readonly bytes: number;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
}
