/** How often to ask how a run is doing. */

/** A dispatched run that is over in seconds is noticed in seconds; it costs some four questions a training. */
const INITIAL_DELAY_MS = 500;
const BACKOFF_FACTOR = 1.5;
/**
 * One question a minute: 60 an hour of the 1,000 a repository's token has, and most of them answered "not changed",
 * while a training of hours is noticed within a minute of its end.
 */
const MAX_DELAY_MS = 60_000;

/** Milliseconds to wait before the question with this number, from 0. */
export const pollDelay = (question: number): number =>
  Math.min(MAX_DELAY_MS, INITIAL_DELAY_MS * BACKOFF_FACTOR ** question);

/** `2 h 5 min`, `3 min`, `40 s`: as exact as a person needs it. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  if (minutes < 60) return `${minutes} min${minutes < 10 && seconds % 60 > 0 ? ` ${seconds % 60} s` : ""}`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ""}`;
}
