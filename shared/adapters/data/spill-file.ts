/** A temporary file for values that memory has no room for. */
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { SpillFile } from "../../core/data/unique/value-log.ts";

export interface TemporarySpillFile extends SpillFile {
  /** Removes it; nothing happens when nothing was written. */
  close(): void;
}

/** Made when something is first written. Nobody else may read it, and where the system can it has no name. */
export function createSpillFile(folder: string): TemporarySpillFile {
  let file: { readonly descriptor: number; readonly path: string; hasName: boolean } | undefined;
  let size = 0;
  const open = (): NonNullable<typeof file> => {
    const path = join(folder, `${randomUUID()}.values`);
    file = { descriptor: openSync(path, "wx+", 0o600), path, hasName: true };
    try {
      unlinkSync(path);
      file.hasName = false;
    } catch {
      // Windows keeps the name of a file that is open.
    }
    return file;
  };
  return {
    append(bytes) {
      const { descriptor } = file ?? open();
      const from = size;
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(descriptor, bytes, done, bytes.length - done, from + done);
      }
      size += bytes.length;
      return from;
    },
    read(from, length) {
      const bytes = new Uint8Array(length);
      for (let done = 0; file !== undefined && done < length; ) {
        const count = readSync(file.descriptor, bytes, done, length - done, from + done);
        if (count === 0) throw new RangeError("the temporary file is shorter than what was written to it");
        done += count;
      }
      return bytes;
    },
    close() {
      if (file === undefined) return;
      closeSync(file.descriptor);
      if (file.hasName) unlinkSync(file.path);
      file = undefined;
    },
  };
}
