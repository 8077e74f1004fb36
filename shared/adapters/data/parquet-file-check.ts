/** Checks a Parquet file of the workspace. Loaded when there is one. */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, readSync } from "node:fs";
import { brotliDecompressSync, crc32, gunzipSync, zstdDecompressSync } from "node:zlib";
import type { CheckSurroundings } from "../../core/data/check-surroundings.ts";
import type { CompiledContract } from "../../core/data/compile-contract.ts";
import type { CheckFile, ReadProgress } from "../../core/data/data-files.ts";
import { checkParquet } from "../../core/data/parquet/parquet-check.ts";
import type { RandomAccess, Unpack } from "../../core/data/parquet/parquet-error.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";

interface Watching {
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReadProgress) => void;
}

const PROGRESS_SECONDS = 2;

/** Reads the file twice: all of it for its digest, and what is asked about. @throws when it changes meanwhile */
export async function checkParquetFile(
  files: WorkspaceFiles,
  path: string,
  contract: CompiledContract,
  around: CheckSurroundings,
  { signal, onProgress }: Watching,
): ReturnType<CheckFile> {
  const begin = performance.now();
  const descriptor = await files.openToRead(path);
  try {
    const before = fstatSync(descriptor, { bigint: true });
    const bytes = Number(before.size);
    const file = randomAccess(descriptor, bytes);
    const digest = digestOf(file, signal);
    let reported = 0;
    const onRows = (rows: number, total: number): void => {
      signal.throwIfAborted();
      const seconds = (performance.now() - begin) / 1000;
      if (seconds - reported < PROGRESS_SECONDS) return;
      reported = seconds;
      onProgress({ bytes: Math.floor((bytes * rows) / total), total: bytes, seconds });
    };
    const checked = checkParquet(file, contract, around, { tools: { unpack, checksum: crc32 }, onRows });
    const after = fstatSync(descriptor, { bigint: true });
    if (before.mtimeNs !== after.mtimeNs || before.size !== after.size) {
      throw new Error(`${path} changed while it was read`);
    }
    return { file: { path, bytes, digest }, checked };
  } finally {
    closeSync(descriptor);
  }
}

const DIGEST_BYTES = 1024 * 1024;

function digestOf(file: RandomAccess, signal: AbortSignal): string {
  const hash = createHash("sha256");
  for (let at = 0; at < file.size; at += DIGEST_BYTES) {
    signal.throwIfAborted();
    hash.update(file.read(at, Math.min(DIGEST_BYTES, file.size - at)));
  }
  return `sha256:${hash.digest("hex")}`;
}

const randomAccess = (descriptor: number, size: number): RandomAccess => ({
  size,
  read(from, length) {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const count = readSync(descriptor, bytes, done, length - done, from + done);
      if (count === 0) throw new RangeError("the file is shorter than it was");
      done += count;
    }
    return bytes;
  },
});

const MIN_CHUNK = 64;

const unpack: Unpack = (codec, packed, size) => {
  // In one piece, with room for zlib to see that it is the last one.
  const most = { maxOutputLength: Math.max(1, size), chunkSize: size + MIN_CHUNK };
  switch (codec) {
    case "ZSTD":
      return zstdDecompressSync(packed, most);
    case "GZIP":
      return gunzipSync(packed, most);
    case "BROTLI":
      return brotliDecompressSync(packed, most);
    default:
      return undefined;
  }
};
