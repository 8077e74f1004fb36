/** Data files of the workspace. */
import { createHash } from "node:crypto";
import type { DataFiles } from "../../core/data/data-files.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import { type ContentDecoder, GzipDecoder, isGzip, PlainDecoder, type UnpackLimits } from "./content-decoder.ts";

/** @param signal aborted when the job is cancelled; checked between chunks */
export function createDataFiles(files: WorkspaceFiles, signal: AbortSignal, limits?: UnpackLimits): DataFiles {
  return {
    async read(path, take) {
      const hash = createHash("sha256");
      let bytes = 0;
      let decoder: ContentDecoder | undefined;
      for await (const chunk of files.stream(path)) {
        signal.throwIfAborted();
        hash.update(chunk);
        bytes += chunk.length;
        decoder ??= isGzip(chunk) ? new GzipDecoder(take, limits) : new PlainDecoder(take);
        await decoder.push(chunk);
      }
      const corruption = await decoder?.end();
      const misnamed = /\.gz$/i.test(path) && !(decoder instanceof GzipDecoder) && bytes > 0;
      return {
        path,
        bytes,
        digest: `sha256:${hash.digest("hex")}`,
        readError: misnamed ? "it is named .gz but is not gzip" : corruption,
      };
    },
  };
}
