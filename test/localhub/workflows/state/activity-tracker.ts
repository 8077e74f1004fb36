/**
 * Counts the tasks in progress in each repository, so that `waitUntilIdle` resolves when all of them have ended or wait
 * for people, timers or runners. A task that waits for one of those is not counted until it continues.
 */
import type { Repository } from "../../world/repository.ts";

export interface ActivityTracker {
  /** Counts `work` until it ends. */
  track<Value>(repository: Repository, work: Promise<Value>): Promise<Value>;
  /** For use inside `track`: not counted while `wait` is pending. */
  whileWaiting<Value>(repository: Repository, wait: Promise<Value>): Promise<Value>;
  /** For use inside `track`: counts each of `works`, and not the caller, until all have ended. */
  trackAll(repository: Repository, works: readonly (() => Promise<void>)[]): Promise<void>;
  /** Resolves once the repository's count stays at zero. */
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

  async function track<Value>(repository: Repository, work: Promise<Value>): Promise<Value> {
    change(repository, 1);
    try {
      return await work;
    } finally {
      change(repository, -1);
    }
  }

  async function whileWaiting<Value>(repository: Repository, wait: Promise<Value>): Promise<Value> {
    change(repository, -1);
    try {
      return await wait;
    } finally {
      change(repository, 1);
    }
  }

  return {
    track,
    whileWaiting,
    async trackAll(repository, works) {
      await whileWaiting(repository, Promise.all(works.map((work) => track(repository, work()))));
    },
    async waitUntilIdle(repository) {
      // After one turn of the event loop, tasks that were just resumed are counted again.
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
