/** How long GitHub's runner waits, in milliseconds. Tests shorten these; nothing else should. */
export interface Timing {
  /** From SIGINT to SIGTERM when a step is cancelled (actions/runner, `ProcessInvoker`). */
  readonly interrupt: number;
  /** From SIGTERM to the kill of the whole process tree (actions/runner, `ProcessInvoker`). */
  readonly terminate: number;
  /** How long an exited process may leave its output pipes open in other hands (actions/runner, `ProcessInvoker`). */
  readonly openPipes: number;
  /** What a cancelled job has for its `always()` and post steps before the server ends it (GitHub docs: 5 minutes). */
  readonly afterCancel: number;
  /** The length of a minute in `timeout-minutes`. */
  readonly minute: number;
}

export const GITHUB_TIMING: Timing = {
  interrupt: 7_500,
  terminate: 2_500,
  openPipes: 5_000,
  afterCancel: 5 * 60_000,
  minute: 60_000,
};
