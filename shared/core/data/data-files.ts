/** What checking needs of the outside world: files as bytes, and digests. */
export interface DataFiles {
  /** The files that paths and globs name, each once, sorted. A pattern that names none is a failure. */
  list(patterns: readonly string[]): Promise<readonly string[]>;
  /** Hands the file's content to `take`, unpacked where it is gzip, piece by piece. */
  read(path: string, take: (content: Uint8Array) => void): Promise<DataFile>;
  /** `sha256:` and 64 hex digits. */
  digest(text: string): string;
}

export interface DataFile {
  readonly path: string;
  /** Of the file as it lies there, packed or not. So is the digest. */
  readonly bytes: number;
  readonly digest: string;
  /** Why its content could not be had to the end: a cut archive, for example. */
  readonly readError: string | undefined;
}
