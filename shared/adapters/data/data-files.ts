/** Data files of the workspace. */
import { createHash } from "node:crypto";
import type { DataFiles } from "../../core/data/data-files.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import { type ContentDecoder, GzipDecoder, isGzip, PlainDecoder, type UnpackLimits } from "./content-decoder.ts";

/** @param signal aborted when the job is cancelled; checked between pieces */
export function createDataFiles(files: WorkspaceFiles, signal: AbortSignal, limits?: UnpackLimits): DataFiles {
  return {
    list: (patterns) => files.list(patterns),
    digest: (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`,
    async read(path, take) {
      const hash = createHash("sha256");
      let bytes = 0;
      let content: ContentDecoder | undefined;
      for await (const piece of files.stream(path)) {
        signal.throwIfAborted();
        hash.update(piece);
        bytes += piece.length;
        content ??= isGzip(piece) ? new GzipDecoder(take, limits) : new PlainDecoder(take);
        await content.push(piece);
      }
      const damage = await content?.end();
      const misnamed = /\.gz$/i.test(path) && !(content instanceof GzipDecoder) && bytes > 0;
      return {
        path,
        bytes,
        digest: `sha256:${hash.digest("hex")}`,
        readError: misnamed ? "it is named .gz but is not gzip" : damage,
      };
    },
  };
}
