/** The two ends of a long output: how it began, and how it ended. What lies between them is given up. */
import { type FileHandle, open } from "node:fs/promises";
import { createLineDecoder } from "./line-decoder.ts";
import { runShortCommand } from "./run-short-command.ts";

/** In bytes. Where a training failed is at the end, so more of that is kept. */
const HEAD_BYTES = 2 * 1024 * 1024;
const TAIL_BYTES = 4 * 1024 * 1024;
/** Space is given back in pieces of so many bytes. */
const RELEASE_STEP = 64 * 1024 * 1024;

export interface OutputEnds {
  /** Of all of the output. */
  readonly bytes: number;
  /** Complete lines; all of them unless `omittedBytes` says otherwise. */
  readonly head: readonly string[];
  /** How much lies between the two. */
  readonly omittedBytes: number;
  readonly tail: readonly string[];
}

/** @returns `undefined` when there is no such file */
export async function readOutputEnds(
  path: string,
  { headBytes = HEAD_BYTES, tailBytes = TAIL_BYTES } = {},
): Promise<OutputEnds | undefined> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    if (size <= headBytes + tailBytes) {
      return { bytes: size, head: decode(await readRange(file, 0, size)), omittedBytes: 0, tail: [] };
    }
    const head = upToLastLineEnd(await readRange(file, 0, headBytes));
    const tail = fromFirstLineEnd(await readRange(file, size - tailBytes, size));
    return { bytes: size, head: decode(head), omittedBytes: size - head.length - tail.length, tail: decode(tail) };
  } finally {
    await file.close();
  }
}

/** The last lines before `size`, and what is written of the next one. */
export async function readEnd(file: FileHandle, size: number): Promise<readonly string[]> {
  return decode(await readRange(file, Math.max(0, size - 8 * 1024), size));
}

const upToLastLineEnd = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.lastIndexOf("\n") + 1 || bytes.length);

const fromFirstLineEnd = (bytes: Buffer): Buffer => bytes.subarray(bytes.indexOf("\n") + 1);

function decode(bytes: Buffer): readonly string[] {
  const lines = createLineDecoder();
  return [...lines.push(bytes), ...lines.end()];
}

async function readRange(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, from + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

/**
 * Gives the space of the middle back to the disk while the program goes on writing: a hole, which reads as zeros. Where the
 * system cannot do that (macOS; a file system without holes), the file takes all its space until it is deleted.
 *
 * @returns to be called with the size whenever the file has grown
 */
export function createMiddleRelease(path: string): (size: number) => Promise<void> {
  let from = HEAD_BYTES;
  return async (size) => {
    const length = size - TAIL_BYTES - from;
    if (length < RELEASE_STEP) return;
    const args = ["--punch-hole", "--offset", String(from), "--length", String(length), path];
    const result = await runShortCommand({ program: "fallocate", args, timeout: 10_000, maxBytes: 10_000 });
    from = result.kind === "exited" && result.code === 0 ? from + length : Number.POSITIVE_INFINITY;
  };
}
