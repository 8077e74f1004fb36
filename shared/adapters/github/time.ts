/** Time and randomness, as the client needs them; tests replace them. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Time {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** @throws the signal's reason when it is aborted meanwhile */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

export const realTime: Time = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, signal && { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
  random: Math.random,
};
