/** The data that is checked. Adapters implement what is here. */
import type { CompiledContract } from "./compile-contract.ts";
import type { CheckedFile } from "./csv-check.ts";
import type { RowObserver } from "./row-values.ts";

/** What is wanted of a file. */
export interface FileQuestion {
  readonly contract: CompiledContract;
  /** See every whole row as well. */
  readonly observers: readonly RowObserver[];
}

/** Reads a file once and checks it against a contract, on as many threads as help. */
export type CheckFile = (
  path: string,
  asked: FileQuestion,
  onProgress: (progress: ReadProgress) => void,
) => Promise<{ readonly file: Omit<DataFile, "trouble">; readonly checked: CheckedFile }>;

/** What a file may be packed with; its content is checked. */
export type Packing = "gzip" | "zstd" | "zip";

/** How far the reading is. Only for what takes more than some seconds. */
export interface ReadProgress {
  /** Of the file as it is stored, and of all of it. */
  readonly bytes: number;
  readonly total: number;
  /** Since the beginning. */
  readonly seconds: number;
}

export interface DataFile {
  readonly path: string;
  /** Of the file as it is stored, compressed or not, and of all of it; so is the digest. */
  readonly bytes: number;
  readonly digest: string;
  /** How it is packed. */
  readonly compression?: Packing;
  /** Why its content was not read to the end. */
  readonly trouble: ReadTrouble | undefined;
}

/** A truncated archive, for example, or one that unpacks to more than the contract allows. */
export interface ReadTrouble {
  readonly kind: "unreadable" | "too-large";
  readonly message: string;
}
