/** Temporary files for values that memory has no room for. */
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { SpillFile } from "../../core/data/unique/value-log.ts";

export interface TemporarySpillFile extends SpillFile {
  /** Of the open file: other threads of this process may write to it. */
  descriptor(): number;
  /** Removes it; nothing happens when it was never needed. */
  close(): void;
}

/** Made when it is first needed. Nobody else may read it, and where the system can it has no name. */
export function createSpillFile(folder: string): TemporarySpillFile {
  let file: { readonly descriptor: number; readonly name: string | undefined; readonly content: SpillFile } | undefined;
  const open = (): NonNullable<typeof file> => {
    const path = join(folder, `${randomUUID()}.values`);
    const descriptor = openSync(path, "wx+", 0o600);
    file = { descriptor, name: removeName(path) ? undefined : path, content: openSpillFile(descriptor) };
    return file;
  };
  return {
    append: (bytes) => (file ?? open()).content.append(bytes),
    read: (from, length) => (file ?? open()).content.read(from, length),
    descriptor: () => (file ?? open()).descriptor,
    close() {
      if (file === undefined) return;
      closeSync(file.descriptor);
      if (file.name !== undefined) removeName(file.name);
      file = undefined;
    },
  };
}

/** Appends from the beginning of a file that is open and empty. */
export function openSpillFile(descriptor: number): SpillFile {
  let size = 0;
  return {
    append(bytes) {
      const from = size;
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(descriptor, bytes, done, bytes.length - done, from + done);
      }
      size += bytes.length;
      return from;
    },
    read(from, length) {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const count = readSync(descriptor, bytes, done, length - done, from + done);
        if (count === 0) throw new RangeError("the temporary file is shorter than what was written to it");
        done += count;
      }
      return bytes;
    },
  };
}

/** Windows keeps the name of a file that is open. */
function removeName(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}
