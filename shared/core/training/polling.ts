/** How often to poll the state of a run. */

/** A dispatched run that ends within seconds is noticed within seconds. This costs about four requests a training. */
const INITIAL_DELAY_MS = 500;
const BACKOFF_FACTOR = 1.5;
/**
 * One request a minute: 60 an hour of the 1,000 that a repository's token has, and most of them return "not modified".
 * The end of a training that takes hours is still noticed within a minute.
 */
const MAX_DELAY_MS = 60_000;

/** Milliseconds to wait before the poll with this number, from 0. */
export const pollDelay = (poll: number): number => Math.min(MAX_DELAY_MS, INITIAL_DELAY_MS * BACKOFF_FACTOR ** poll);

/** `2 h 5 min`, `3 min`, `40 s`: as exact as a reader needs it. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  if (minutes < 60) return `${minutes} min${minutes < 10 && seconds % 60 > 0 ? ` ${seconds % 60} s` : ""}`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ""}`;
}
