/**
 * The local GitHub's time: real time plus an offset that tests can change, so that a 30-day wait or an hour's clock
 * skew takes no time.
 */
export interface Clock {
  /** The time that every timestamp, wait timer and rate limit uses. */
  now(): Date;
  /** Runs `action` once `ms` milliseconds have passed on this clock. Cancel with `dispose`. */
  after(ms: number, action: () => void): Disposable;
  /** Moves the clock forward; timers that fall due fire in order before this returns. */
  advance(ms: number): void;
  /** Cancels every timer. */
  stop(): void;
}

interface Timer {
  readonly due: number;
  readonly action: () => void;
  handle: NodeJS.Timeout | undefined;
}

/** The longest delay `setTimeout` accepts; a longer wait is split into steps. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export function createClock(): Clock {
  let offset = 0;
  const timers = new Set<Timer>();
  const now = (): number => Date.now() + offset;

  function fire(timer: Timer): void {
    clearTimeout(timer.handle);
    if (timers.delete(timer)) timer.action();
  }

  function arm(timer: Timer): void {
    clearTimeout(timer.handle);
    const wait = Math.max(0, timer.due - now());
    timer.handle = setTimeout(() => (timer.due <= now() ? fire(timer) : arm(timer)), Math.min(wait, MAX_DELAY_MS));
    // A pending wait timer must not keep the process alive.
    timer.handle.unref();
  }

  return {
    now: () => new Date(now()),
    after(ms, action) {
      const timer: Timer = { due: now() + ms, action, handle: undefined };
      timers.add(timer);
      arm(timer);
      return {
        [Symbol.dispose]() {
          clearTimeout(timer.handle);
          timers.delete(timer);
        },
      };
    },
    advance(ms) {
      offset += ms;
      const due = [...timers].filter((timer) => timer.due <= now()).sort((a, b) => a.due - b.due);
      for (const timer of due) fire(timer);
      for (const timer of timers) arm(timer);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer.handle);
      timers.clear();
    },
  };
}
