/** Time that passes only when somebody waits, and a log that says nothing: for tests of what talks to GitHub. */
import type { Log } from "../../action/log.ts";
import type { Time } from "./time.ts";

export interface RecordedTime extends Time {
  /** How long was waited, each time. */
  readonly waits: readonly number[];
}

/** Never really sleeps; chance is always in the middle. */
export function recordedTime(): RecordedTime {
  const waits: number[] = [];
  let now = 0;
  return {
    waits,
    now: () => now,
    random: () => 0.5,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}

export const quietLog: Log = { info() {}, notice() {}, warn() {}, error() {}, group: (_, work) => work() };
