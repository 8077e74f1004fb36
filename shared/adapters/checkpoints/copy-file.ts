/** Copies a file that a training may be writing, and says what was copied. */
import { createHash } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";

export interface CopiedFile {
  readonly bytes: number;
  readonly digest: string;
  /** Whether the copied bytes are still the file's: false after a write to it, also when it has been replaced since. */
  readonly isUnwritten: () => Promise<boolean>;
  /** Must be called. */
  readonly close: () => Promise<void>;
}

const CHUNK = 1024 * 1024;

/** The new file is on the disk when this returns; there is none when it throws. @param to must not exist */
export async function copyFile(from: string, to: string): Promise<CopiedFile> {
  const source = await open(from, "r");
  try {
    const before = await stateOf(source);
    const hash = createHash("sha256");
    let bytes = 0;
    const target = await open(to, "wx", 0o600);
    try {
      const buffer = Buffer.allocUnsafe(CHUNK);
      for (;;) {
        const { bytesRead } = await source.read(buffer, 0, CHUNK, bytes);
        if (bytesRead === 0) break;
        const chunk = buffer.subarray(0, bytesRead);
        hash.update(chunk);
        await target.writeFile(chunk);
        bytes += bytesRead;
      }
      await target.sync();
    } catch (error) {
      await rm(to, { force: true });
      throw error;
    } finally {
      await target.close();
    }
    return {
      bytes,
      digest: `sha256:${hash.digest("hex")}`,
      isUnwritten: async () => (await stateOf(source)) === before,
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Not the change time: that of a file which is replaced by a rename changes, and its bytes do not. */
async function stateOf(file: FileHandle): Promise<string> {
  const { size, mtimeNs } = await file.stat({ bigint: true });
  return `${size} ${mtimeNs}`;
}
