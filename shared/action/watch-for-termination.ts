/** One signal for everything that ends an action early, and an end that comes even when the action does not listen. */

import { userError } from "../problem/problem.ts";
import type { Host } from "./host.ts";

/** After a cancellation the runner kills the process in 10 s; by then a write must be finished or given up. */
const GRACE_PERIOD_MS = 5_000;
/** `setTimeout` cannot count further; no job lives that long (GitHub: 5 days). */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface TerminationWatch extends Disposable {
  readonly signal: AbortSignal;
}

/** Thrown out of whatever heeds the signal when the job is cancelled. */
export class CancelledError extends Error {
  constructor() {
    super("the job was cancelled");
    this.name = "CancelledError";
  }
}

/**
 * @param deadline milliseconds until the action gives up
 * @param abandon called when the action has not ended in time after the signal, or an error escaped it
 */
export function watchForTermination(
  host: Host,
  deadline: number,
  abandon: (reason: unknown) => void,
): TerminationWatch {
  const controller = new AbortController();
  const timers = new DisposableStack();
  const stop = (reason: Error): void => {
    if (controller.signal.aborted) return;
    controller.abort(reason);
    timers.use(host.setTimer(GRACE_PERIOD_MS, () => abandon(reason)));
  };
  host.onCancel(() => stop(new CancelledError()));
  host.onCrash(abandon);
  timers.use(host.setTimer(Math.min(deadline, MAX_TIMER_MS), () => stop(deadlinePassed(deadline))));
  return { signal: controller.signal, [Symbol.dispose]: () => timers.dispose() };
}

const deadlinePassed = (deadline: number): Error =>
  userError({
    code: "deadline-passed",
    message: `the action was not done after ${Math.round(deadline / 60_000)} minutes`,
    fix: "Re-run the job; if it happens again, see in the log what it waited for",
  });
