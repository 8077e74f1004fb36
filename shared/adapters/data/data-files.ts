/** Data files of the workspace. */
import { createHash } from "node:crypto";
import type { DataFiles } from "../../core/data/data-files.ts";
import type { Files } from "../files/files.ts";
import { type Content, Gzip, isGzip, Plain, type UnpackLimits } from "./content.ts";

/** @param signal aborted when the job is cancelled; checked between pieces */
export function createDataFiles(files: Files, signal: AbortSignal, limits?: UnpackLimits): DataFiles {
  return {
    list: (patterns) => files.list(patterns),
    digest: (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`,
    async read(path, take) {
      const hash = createHash("sha256");
      let bytes = 0;
      let content: Content | undefined;
      for await (const piece of files.stream(path)) {
        signal.throwIfAborted();
        hash.update(piece);
        bytes += piece.length;
        content ??= isGzip(piece) ? new Gzip(take, limits) : new Plain(take);
        await content.push(piece);
      }
      const damage = await content?.end();
      const misnamed = /\.gz$/i.test(path) && !(content instanceof Gzip) && bytes > 0;
      return {
        path,
        bytes,
        digest: `sha256:${hash.digest("hex")}`,
        damage: misnamed ? "it is named .gz but is not gzip" : damage,
      };
    },
  };
}
