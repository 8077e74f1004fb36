/**
 * How fast requests are sent, so that one process stays within GitHub's secondary rate limits: ten reads at once, one
 * write at once and not too many.
 */
import type { Time } from "./time.ts";

export interface Throttle {
  /** Starts `work` when a slot is free. @throws the signal's reason when it is aborted before that */
  read<Result>(work: () => Promise<Result>): Promise<Result>;
  write<Result>(work: () => Promise<Result>): Promise<Result>;
}

const MAX_CONCURRENT_READS = 10;
/**
 * GitHub allows 80 writes a minute that create content, and wants only one at a time (docs, "Best practices"). A burst
 * of 20 and then 20 every 20 s stays below that, and lets a short action write without a pause.
 */
const WRITE_BURST = 20;
const WRITE_BURST_WINDOW_MS = 20_000;

/** @param signal nothing starts after it is aborted */
export function createThrottle(time: Time, signal: AbortSignal): Throttle {
  const reads = createQueue(MAX_CONCURRENT_READS);
  const writes = createQueue(1);
  const started: number[] = [];
  return {
    read: (work) =>
      reads(async () => {
        signal.throwIfAborted();
        return work();
      }),
    write: (work) =>
      writes(async () => {
        const oldest = started.length < WRITE_BURST ? undefined : started.shift();
        if (oldest !== undefined) await time.sleep(Math.max(0, oldest + WRITE_BURST_WINDOW_MS - time.now()), signal);
        signal.throwIfAborted();
        started.push(time.now());
        return work();
      }),
  };
}

/** First come, first served. */
function createQueue(maxConcurrent: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= maxConcurrent) await new Promise<void>((start) => waiting.push(start));
    else running += 1;
    try {
      return await work();
    } finally {
      // The slot is passed on, not freed, so that no new caller can take it first.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
