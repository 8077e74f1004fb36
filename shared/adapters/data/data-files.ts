/** Data files of the workspace. */
import { createHash } from "node:crypto";
import type { DataFiles, ReadTrouble } from "../../core/data/data-files.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import { type ContentDecoder, GzipDecoder, isGzip, PlainDecoder } from "./content-decoder.ts";

/**
 * @param signal aborted when the job is cancelled; checked between chunks
 * @param ratioExemptBytes below so many decompressed bytes their ratio does not matter
 */
export function createDataFiles(files: WorkspaceFiles, signal: AbortSignal, ratioExemptBytes?: number): DataFiles {
  return {
    async read(path, take, maxRatio) {
      const hash = createHash("sha256");
      let bytes = 0;
      let decoder: ContentDecoder | undefined;
      for await (const chunk of files.stream(path)) {
        signal.throwIfAborted();
        hash.update(chunk);
        bytes += chunk.length;
        decoder ??= isGzip(chunk) ? new GzipDecoder(take, maxRatio, ratioExemptBytes) : new PlainDecoder(take);
        await decoder.push(chunk);
      }
      const trouble = await decoder?.end();
      const isMisnamed = /\.gz$/i.test(path) && !(decoder instanceof GzipDecoder) && bytes > 0;
      return { path, bytes, digest: `sha256:${hash.digest("hex")}`, trouble: isMisnamed ? MISNAMED : trouble };
    },
  };
}

const MISNAMED: ReadTrouble = { kind: "unreadable", message: "it is named .gz but is not gzip" };
