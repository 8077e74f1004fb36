/** Data files of the workspace, as bytes. */
import { createHash } from "node:crypto";
import type { DataFile, ReadTrouble } from "../../core/data/data-files.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import { type ContentDecoder, GzipDecoder, isGzip, PlainDecoder, type Take } from "./content-decoder.ts";

export interface DataFiles {
  /**
   * Passes the file's content on, decompressed if it is gzip, until no more of it is wanted.
   * @param maxRatio how many times its size the content may have
   */
  read(path: string, take: Take, maxRatio: number, options?: ReadOptions): Promise<DataFile>;
}

export interface ReadOptions {
  /** Called with the bytes of each chunk, compressed or not. */
  readonly onRead?: (bytes: number) => void;
  /** Takes the content instead when it is not compressed; no more is read until it has. */
  readonly takePlain?: ((content: Uint8Array) => Promise<boolean>) | undefined;
}

/**
 * @param signal aborted when the job is cancelled; checked between chunks
 * @param ratioExemptBytes below so many decompressed bytes their ratio does not matter
 */
export function createDataFiles(files: WorkspaceFiles, signal: AbortSignal, ratioExemptBytes?: number): DataFiles {
  return {
    async read(path, take, maxRatio, { onRead, takePlain = async (content: Uint8Array) => take(content) } = {}) {
      const hash = createHash("sha256");
      let bytes = 0;
      let decoder: ContentDecoder | undefined;
      for await (const chunk of files.stream(path)) {
        signal.throwIfAborted();
        hash.update(chunk);
        bytes += chunk.length;
        onRead?.(chunk.length);
        decoder ??= isGzip(chunk) ? new GzipDecoder(take, maxRatio, ratioExemptBytes) : new PlainDecoder(takePlain);
        await decoder.push(chunk);
      }
      const trouble = await decoder?.end();
      const isMisnamed = /\.gz$/i.test(path) && !(decoder instanceof GzipDecoder) && bytes > 0;
      return { path, bytes, digest: `sha256:${hash.digest("hex")}`, trouble: isMisnamed ? MISNAMED : trouble };
    },
  };
}

const MISNAMED: ReadTrouble = { kind: "unreadable", message: "it is named .gz but is not gzip" };
