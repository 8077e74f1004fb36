/** One signal for everything that ends an action early; an action that ignores it is ended by force. */
import { userError } from "../problem/problem.ts";
import type { Host } from "./host.ts";

/** After a cancellation the runner kills the process in 10 s; by then a write must be finished or abandoned. */
const GRACE_PERIOD_MS = 5_000;
/** The longest time of `setTimeout`; no job runs that long (GitHub: 5 days). */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface TerminationWatch extends Disposable {
  readonly signal: AbortSignal;
}

/** The signal's reason when the job is cancelled. */
export class CancelledError extends Error {
  constructor() {
    super("the job was cancelled");
    this.name = "CancelledError";
  }
}

/**
 * @param deadline milliseconds until the action is stopped
 * @param abandon called when the action has not ended in time after the signal, or threw an error that no code caught
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
    message: `the action was not finished after ${Math.round(deadline / 60_000)} minutes`,
    fix: "Re-run the job; if it happens again, check in the log what it waited for",
  });
