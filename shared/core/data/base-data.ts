/** The data at the base commit, which that of the change is compared with. An adapter implements it. */
import type { ReadTrouble } from "./data-files.ts";

export interface BaseFile {
  readonly path: string;
  /** The name that git gives to its bytes. */
  readonly id: string;
  readonly bytes: number;
}

export interface BaseData {
  /** Full SHA. */
  readonly commit: string;
  /** Files that the patterns cover there, whatever the change renames. */
  list(patterns: readonly string[]): Promise<readonly BaseFile[]>;
  /** As `DataFiles.read`. @throws ActionError `base-data-unreadable` */
  read(
    file: BaseFile,
    onChunk: (content: Uint8Array) => boolean,
    maxRatio: number,
  ): Promise<{ readonly digest: string; readonly trouble: ReadTrouble | undefined }>;
}
