/** Reads along in a file that a program writes, and hands its lines on. */
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createLineDecoder } from "./line-decoder.ts";

export interface OutputFollower {
  /** What was handed on so far. */
  readonly progress: { readonly lines: number; readonly bytes: number; readonly lastAt: number };
  /** Hands on what is there by now, ends, and says where in the file it stopped. */
  stop(): Promise<number>;
}

export interface FollowOptions {
  /** Byte offset to begin at. */
  readonly startOffset?: number;
  /** Several lines at once, without the last line end. */
  readonly onLines: (text: string) => void;
  /** What is shown at most, in bytes of output; what follows stays in the file only. */
  readonly maxBytes?: number;
}

/** GitHub shows a step's log up to some MB and then only offers it as a download; a flood helps nobody. */
const MAX_SHOWN_BYTES = 32 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const POLL_INTERVAL_MS = 100;

export async function followOutput(path: string, options: FollowOptions): Promise<OutputFollower> {
  const { startOffset: from = 0, onLines: show, maxBytes: most = MAX_SHOWN_BYTES } = options;
  const file = await open(path, "r");
  const lines = createLineDecoder();
  const progress = { lines: 0, bytes: 0, lastAt: performance.now() };
  const stopping = new AbortController();
  const buffer = Buffer.alloc(CHUNK_BYTES);

  function hand(ready: readonly string[]): void {
    progress.lines += ready.length;
    if (ready.length > 0) show(ready.join("\n"));
  }

  /** Everything up to the file's end as it is now. @returns false when no more may be shown */
  async function readOn(): Promise<boolean> {
    // The end is fixed beforehand: who writes faster than we read would hold us for ever.
    const { size } = await file.stat();
    while (from + progress.bytes < size) {
      if (progress.bytes >= most) return false;
      const count = await readAt(file, buffer, from + progress.bytes);
      if (count === 0) break;
      progress.bytes += count;
      progress.lastAt = performance.now();
      hand(lines.push(buffer.subarray(0, count)));
    }
    return true;
  }

  async function follow(): Promise<void> {
    let last = false;
    while (await readOn()) {
      if (last) return;
      await sleep(POLL_INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      // Asked to stop while it was reading, it has not seen what was written meanwhile: once more.
      last = stopping.signal.aborted;
    }
    show(`Only the first ${most.toLocaleString("en")} bytes of the output are shown here.`);
  }

  const done = follow();
  // Told where it is awaited, in `stop`; until then it must not end the process.
  done.catch(() => undefined);
  return {
    progress,
    async stop() {
      stopping.abort();
      try {
        await done;
        hand(lines.end());
      } finally {
        await file.close();
      }
      return from + progress.bytes;
    },
  };
}

const readAt = async (file: FileHandle, buffer: Buffer, at: number): Promise<number> =>
  (await file.read(buffer, 0, buffer.length, at)).bytesRead;
