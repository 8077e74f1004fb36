/** The bytes whose places are to be found. */
import type { FileRecord } from "../../records/fields.ts";

export interface RegisteredBytes {
  /** All of the model, with paths as in the training record. */
  readonly files: readonly FileRecord[];
  /** That trained it. */
  readonly run: number;
  readonly commit: string;
  /** MD5 of a file of the model, in hex. */
  readonly md5Of: (path: string) => Promise<string>;
}
