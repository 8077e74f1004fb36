/** Reads a file while a program writes it, and passes its lines on. */
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createLineDecoder } from "./line-decoder.ts";
import { createMiddleRelease, readEnd } from "./output-ends.ts";

export interface OutputFollower {
  readonly progress: OutputProgress;
  /** Passes on what the file contains by now, and stops. @returns the byte offset at which it stopped */
  stop(): Promise<number>;
}

export interface OutputProgress {
  /** How many were passed on. */
  readonly lines: number;
  /** What the program has written since the start offset. */
  readonly bytes: number;
  /** Whether all of that was passed on. */
  readonly isComplete: boolean;
  /** When it last wrote something, as `performance.now` counts. */
  readonly lastAt: number;
}

export interface FollowOptions {
  /** Byte offset to start at. */
  readonly startOffset?: number;
  /** Several lines at once, without the last line end. */
  readonly onLines: (text: string) => void;
  /** Of more than so many bytes, only the newest line is passed on from time to time. */
  readonly maxBytes?: number;
  /** How often the state of a progress bar is passed on at most, in milliseconds. */
  readonly stateIntervalMs?: number;
}

/** GitHub shows a step's log up to some MB and then only offers it as a download; more lines help no one. */
const MAX_SHOWN_BYTES = 32 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const POLL_INTERVAL_MS = 100;
const STATE_INTERVAL_MS = 10_000;

export async function followOutput(path: string, options: FollowOptions): Promise<OutputFollower> {
  const { startOffset = 0, onLines, maxBytes = MAX_SHOWN_BYTES, stateIntervalMs = STATE_INTERVAL_MS } = options;
  const file = await open(path, "r");
  const lines = createLineDecoder();
  const progress = { lines: 0, bytes: 0, isComplete: true, lastAt: performance.now() };
  const releaseMiddle = createMiddleRelease(path);
  const stopping = new AbortController();
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let state = { text: "", at: performance.now() };

  function show(complete: readonly string[]): void {
    progress.lines += complete.length;
    // The state of a bar that has ended in it was passed on already.
    const shown = state.text !== "" && complete[0] === state.text ? complete.slice(1) : complete;
    if (complete.length > 0) state = { ...state, text: "" };
    if (shown.length > 0) onLines(shown.join("\n"));
  }

  /** A program that ends no line would seem to be silent. */
  function showState(text: string): void {
    const now = performance.now();
    if (text === state.text || text.trim() === "" || now - state.at < stateIntervalMs) return;
    state = { text, at: now };
    onLines(text);
  }

  /** Everything up to the file's current end. */
  async function readToEnd(): Promise<void> {
    // The size is read first: a program that writes faster than this reads would keep it here forever.
    const { size } = await file.stat();
    while (progress.isComplete && startOffset + progress.bytes < size) {
      if (progress.bytes >= maxBytes) return passOver();
      const count = await readAt(file, buffer, startOffset + progress.bytes);
      if (count === 0) return;
      progress.bytes += count;
      progress.lastAt = performance.now();
      show(lines.push(buffer.subarray(0, count)));
    }
    if (progress.isComplete) showState(lines.state());
    else await watchSize(size);
  }

  function passOver(): void {
    progress.isComplete = false;
    show(lines.end());
    onLines(
      `Only the first ${maxBytes.toLocaleString("en")} bytes of the output are shown here as they come; from here on, only its newest line.`,
    );
  }

  async function watchSize(size: number): Promise<void> {
    if (startOffset + progress.bytes === size) return;
    progress.bytes = size - startOffset;
    progress.lastAt = performance.now();
    await releaseMiddle(size);
    if (performance.now() - state.at >= stateIntervalMs) showState((await readEnd(file, size)).at(-1) ?? "");
  }

  async function follow(): Promise<void> {
    for (let last = false; ; last = stopping.signal.aborted) {
      await readToEnd();
      if (last) return;
      await sleep(POLL_INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      // Stopped while it was reading, it has not seen what was written meanwhile: read once more.
    }
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
        if (progress.isComplete) show(lines.end());
      } finally {
        await file.close();
      }
      return startOffset + progress.bytes;
    },
  };
}

const readAt = async (file: FileHandle, buffer: Buffer, at: number): Promise<number> =>
  (await file.read(buffer, 0, buffer.length, at)).bytesRead;
