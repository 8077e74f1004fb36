/** Digests of large files: while one buffer is hashed, the next one is read, so that the slower of both decides. */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

const BUFFER_BYTES = 2 * 1024 * 1024;

export interface HashedFile {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly hex: string;
}

/** @param path of a regular file; @throws the error of the file system */
export async function hashFile(path: string, algorithm: "sha256" | "md5" = "sha256"): Promise<HashedFile> {
  // Not a link that has come in its place since it was looked at; Windows has no such flag.
  await using file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  const hash = createHash(algorithm);
  let bytes = 0;
  for await (const chunk of readAhead(file)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, hex: hash.digest("hex") };
}

/** Each chunk is valid until the next one is asked for. */
async function* readAhead(file: FileHandle): AsyncGenerator<Uint8Array> {
  // One byte more than a small file has: the read that finds its end.
  const size = Math.min(BUFFER_BYTES, (await file.stat()).size + 1);
  let [full, empty] = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)];
  let reading = file.read(full, 0, size, null);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      reading = file.read(empty, 0, size, null);
      yield full.subarray(0, bytesRead);
      [full, empty] = [empty, full];
    }
  } finally {
    // The file is closed after this: not while it is read.
    await reading.catch(() => undefined);
  }
}
