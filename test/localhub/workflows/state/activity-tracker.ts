/**
 * Counts what is under way in each repository, so that `settled` knows when nothing is left to do but to wait for
 * people, timers or runners. Whoever starts to wait for one of those steps out of the count until it goes on.
 */
import type { Repository } from "../../world/repository.ts";

export interface ActivityTracker {
  /** Counts `work` until it ends. */
  track<Value>(repository: Repository, work: Promise<Value>): Promise<Value>;
  /** For use inside `during`: leaves the count while `wait` is pending. */
  whileWaiting<Value>(repository: Repository, wait: Promise<Value>): Promise<Value>;
  /** For use inside `during`: counts each of `works` and steps out until all have ended. */
  trackAll(repository: Repository, works: readonly (() => Promise<void>)[]): Promise<void>;
  /** Resolves once the repository's count has come to rest at zero. */
  waitUntilIdle(repository: Repository): Promise<void>;
}

export function createActivityTracker(): ActivityTracker {
  const counts = new Map<Repository, number>();
  const watchers = new Map<Repository, (() => void)[]>();

  function change(repository: Repository, by: 1 | -1): void {
    const count = (counts.get(repository) ?? 0) + by;
    counts.set(repository, count);
    if (count > 0) return;
    const waiting = watchers.get(repository) ?? [];
    watchers.delete(repository);
    for (const wake of waiting) wake();
  }

  async function during<Value>(repository: Repository, work: Promise<Value>): Promise<Value> {
    change(repository, 1);
    try {
      return await work;
    } finally {
      change(repository, -1);
    }
  }

  async function waiting<Value>(repository: Repository, wait: Promise<Value>): Promise<Value> {
    change(repository, -1);
    try {
      return await wait;
    } finally {
      change(repository, 1);
    }
  }

  return {
    track: during,
    whileWaiting: waiting,
    async trackAll(repository, works) {
      await waiting(repository, Promise.all(works.map((work) => during(repository, work()))));
    },
    async waitUntilIdle(repository) {
      // One turn of the event loop lets everybody who was just woken step back into the count.
      await nextTurn();
      while ((counts.get(repository) ?? 0) > 0) {
        await new Promise<void>((resolve) => {
          const waiting = watchers.get(repository) ?? [];
          watchers.set(repository, [...waiting, resolve]);
        });
        await nextTurn();
      }
    },
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
