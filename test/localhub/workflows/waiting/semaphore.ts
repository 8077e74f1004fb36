import { waitUnlessStopped } from "./stopped-error.ts";

/** Lets a number of works run at the same time (`max-parallel`); the others wait in the order they asked. */
export interface Semaphore {
  /** Resolves with what gives the slot back. @throws Stopped the signal's reason, when that comes first. */
  acquire(signal: AbortSignal): Promise<Disposable>;
}

export function createSemaphore(count: number): Semaphore {
  const waiting: (() => void)[] = [];
  let free = count;

  function giveBack(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  return {
    async acquire(signal) {
      if (free > 0) free -= 1;
      else {
        const turn = new Promise<void>((resolve) => waiting.push(resolve));
        try {
          await waitUnlessStopped(signal, turn);
        } catch (error) {
          // The turn of one that was given up still comes, and goes to the next.
          void turn.then(giveBack);
          throw error;
        }
      }
      return { [Symbol.dispose]: giveBack };
    },
  };
}
