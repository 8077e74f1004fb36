/** The data that is checked, as bytes. An adapter implements it. */
export interface DataFiles {
  /** Passes the file's content to `onChunk`, decompressed if it is gzip. */
  read(path: string, onChunk: (content: Uint8Array) => void): Promise<DataFile>;
}

export interface DataFile {
  readonly path: string;
  /** Of the file as it is stored, compressed or not; so is the digest. */
  readonly bytes: number;
  readonly digest: string;
  /** Why its content could not be read to the end: a truncated archive, for example. */
  readonly readError: string | undefined;
}
