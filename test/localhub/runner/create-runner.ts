/** The runner's entry point: starts a job, and stops it. */
import type { StartJob } from "./job.ts";
import { runJob } from "./run-job.ts";
import { GITHUB_TIMING, type Timing } from "./timing.ts";

export interface CreateRunnerOptions {
  /** The Node 24 for JavaScript actions; found automatically when absent. */
  readonly node24?: string;
  readonly timing?: Partial<Timing>;
}

/** A runner, by default with GitHub's own timing and the available Node 24. */
export function createRunner(options: CreateRunnerOptions = {}): StartJob {
  const timing = { ...GITHUB_TIMING, ...options.timing };
  return (assignment, observer) => {
    const cancelled = new AbortController();
    const killed = new AbortController();
    const timers = new Set<NodeJS.Timeout>();
    const after = (ms: number, action: () => void): void => {
      // A timer of Node can wait for 24.8 days; a job may run for 35.
      timers.add(setTimeout(action, Math.min(ms, 2 ** 31 - 1)).unref());
    };

    const control = { cancelled: cancelled.signal, killed: killed.signal };
    const run = runJob(assignment, observer, control, { node24: options.node24, timing });
    function kill(): void {
      cancelled.abort();
      killed.abort();
    }
    function cancel(): void {
      if (cancelled.signal.aborted) return;
      cancelled.abort();
      after(timing.afterCancel, kill);
    }
    after(assignment.timeoutMinutes * timing.minute, () => {
      if (cancelled.signal.aborted) return;
      run.reportError(`The job has exceeded the maximum execution time of ${durationText(assignment.timeoutMinutes)}`);
      cancel();
    });
    const result = run.result.finally(() => {
      for (const timer of timers) clearTimeout(timer);
    });
    return { result, cancel, kill };
  };
}

/** `6h0m0s`, as GitHub writes a job's time limit. */
function durationText(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  return `${hours > 0 ? `${hours}h` : ""}${minutes % 60}m0s`;
}
