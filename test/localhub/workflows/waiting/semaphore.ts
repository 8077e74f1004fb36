import { waitUnlessStopped } from "./stopped-error.ts";

/** Limits how many jobs run at the same time (`max-parallel`); the others wait in the order of their requests. */
export interface Semaphore {
  /**
   * Resolves with a slot; disposing it frees the slot.
   * @throws StoppedError the signal's reason, when that comes first.
   */
  acquire(signal: AbortSignal): Promise<Disposable>;
}

export function createSemaphore(count: number): Semaphore {
  const waiting: (() => void)[] = [];
  let free = count;

  function release(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  return {
    async acquire(signal) {
      if (free > 0) free -= 1;
      else {
        const slot = new Promise<void>((resolve) => waiting.push(resolve));
        try {
          await waitUnlessStopped(signal, slot);
        } catch (error) {
          // A stopped one still gets its slot later, and passes it to the next.
          void slot.then(release);
          throw error;
        }
      }
      return { [Symbol.dispose]: release };
    },
  };
}
