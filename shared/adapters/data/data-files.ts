/** Data files of the workspace, as bytes. */
import { createHash } from "node:crypto";
import type { DataFile, Packing, ReadTrouble } from "../../core/data/data-files.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import { type ContentDecoder, createDecoder, PlainDecoder, packingOf } from "./content-decoder.ts";
import { type Take, UnpackLimit } from "./unpack-limit.ts";

export interface DataFiles {
  /**
   * Passes the file's content on, unpacked if it is packed, until no more of it is wanted.
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
      let compression: Packing | undefined;
      for await (const chunk of files.stream(path)) {
        signal.throwIfAborted();
        hash.update(chunk);
        bytes += chunk.length;
        onRead?.(chunk.length);
        if (decoder === undefined) {
          compression = packingOf(chunk);
          const limit = new UnpackLimit(maxRatio, ratioExemptBytes);
          decoder = compression ? createDecoder(compression, take, limit) : new PlainDecoder(takePlain);
        }
        await decoder.push(chunk);
      }
      const ended = await decoder?.end();
      const trouble = (bytes > 0 && compression === undefined ? misnamed(path) : undefined) ?? ended;
      const file = { path, bytes, digest: `sha256:${hash.digest("hex")}`, trouble };
      return { ...file, ...(compression !== undefined && { compression }) };
    },
  };
}

/** A file that is not packed although its name says so. */
function misnamed(path: string): ReadTrouble | undefined {
  const [, ending] = /\.(gz|zst|zstd|zip)$/i.exec(path) ?? [];
  if (ending === undefined) return undefined;
  const packing = { gz: "gzip", zip: "a ZIP archive" }[ending.toLowerCase()] ?? "zstd";
  return { kind: "unreadable", message: `it is named .${ending} but is not ${packing}` };
}
