/** The input that a check needs: files as bytes, and digests. */
export interface DataFiles {
  /** The files that paths and globs match, each once, sorted. A pattern that matches none is an error. */
  list(patterns: readonly string[]): Promise<readonly string[]>;
  /** Passes the file's content to `onChunk`, decompressed if it is gzip. */
  read(path: string, onChunk: (content: Uint8Array) => void): Promise<DataFile>;
  /** `sha256:` and 64 hex digits. */
  digest(text: string): string;
}

export interface DataFile {
  readonly path: string;
  /** Of the file as it is stored, compressed or not; so is the digest. */
  readonly bytes: number;
  readonly digest: string;
  /** Why its content could not be read to the end: a truncated archive, for example. */
  readonly readError: string | undefined;
}
