/** Reads a file while a program writes it, and passes its lines on. */
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createLineDecoder } from "./line-decoder.ts";

export interface OutputFollower {
  /** What was passed on so far. */
  readonly progress: { readonly lines: number; readonly bytes: number; readonly lastAt: number };
  /** Passes on what the file contains by now, and stops. @returns the byte offset at which it stopped */
  stop(): Promise<number>;
}

export interface FollowOptions {
  /** Byte offset to start at. */
  readonly startOffset?: number;
  /** Several lines at once, without the last line end. */
  readonly onLines: (text: string) => void;
  /** At most so many bytes are shown; what follows is only in the file. */
  readonly maxBytes?: number;
}

/** GitHub shows a step's log up to some MB and then only offers it as a download; more lines help no one. */
const MAX_SHOWN_BYTES = 32 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const POLL_INTERVAL_MS = 100;

export async function followOutput(path: string, options: FollowOptions): Promise<OutputFollower> {
  const { startOffset = 0, onLines, maxBytes = MAX_SHOWN_BYTES } = options;
  const file = await open(path, "r");
  const lines = createLineDecoder();
  const progress = { lines: 0, bytes: 0, lastAt: performance.now() };
  const stopping = new AbortController();
  const buffer = Buffer.alloc(CHUNK_BYTES);

  function show(complete: readonly string[]): void {
    progress.lines += complete.length;
    if (complete.length > 0) onLines(complete.join("\n"));
  }

  /** Everything up to the file's current end. @returns false when no more may be shown */
  async function readToEnd(): Promise<boolean> {
    // The size is read first: a program that writes faster than this reads would keep it here forever.
    const { size } = await file.stat();
    while (startOffset + progress.bytes < size) {
      if (progress.bytes >= maxBytes) return false;
      const count = await readAt(file, buffer, startOffset + progress.bytes);
      if (count === 0) break;
      progress.bytes += count;
      progress.lastAt = performance.now();
      show(lines.push(buffer.subarray(0, count)));
    }
    return true;
  }

  async function follow(): Promise<void> {
    let last = false;
    while (await readToEnd()) {
      if (last) return;
      await sleep(POLL_INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      // Stopped while it was reading, it has not seen what was written meanwhile: read once more.
      last = stopping.signal.aborted;
    }
    onLines(`Only the first ${maxBytes.toLocaleString("en")} bytes of the output are shown here.`);
  }

  const done = follow();
  // A failure is reported where it is awaited, in `stop`; until then it must not end the process.
  done.catch(() => undefined);
  return {
    progress,
    async stop() {
      stopping.abort();
      try {
        await done;
        show(lines.end());
      } finally {
        await file.close();
      }
      return startOffset + progress.bytes;
    },
  };
}

const readAt = async (file: FileHandle, buffer: Buffer, at: number): Promise<number> =>
  (await file.read(buffer, 0, buffer.length, at)).bytesRead;
