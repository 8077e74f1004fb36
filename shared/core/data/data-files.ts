/** The data that is checked, as bytes. An adapter implements it. */
export interface DataFiles {
  /**
   * Passes the file's content to `onChunk`, decompressed if it is gzip, until it wants no more.
   * @param maxRatio how many times its size the content may have
   */
  read(path: string, onChunk: (content: Uint8Array) => boolean, maxRatio: number): Promise<DataFile>;
}

export interface DataFile {
  readonly path: string;
  /** Of the file as it is stored, compressed or not, and of all of it; so is the digest. */
  readonly bytes: number;
  readonly digest: string;
  /** Why its content was not read to the end. */
  readonly trouble: ReadTrouble | undefined;
}

/** A truncated archive, for example, or one that unpacks to more than the contract allows. */
export interface ReadTrouble {
  readonly kind: "unreadable" | "too-large";
  readonly message: string;
}
