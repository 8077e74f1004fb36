/** How long GitHub's runner waits, in milliseconds. Tests shorten these; nothing else should. */
export interface Timing {
  /** From SIGINT to SIGTERM when a step is cancelled (actions/runner, `ProcessInvoker`). */
  readonly interrupt: number;
  /** From SIGTERM to the kill of the whole process tree (actions/runner, `ProcessInvoker`). */
  readonly terminate: number;
  /**
   * How long other processes may hold the output pipes of an exited process open (actions/runner, `ProcessInvoker`).
   */
  readonly openPipes: number;
  /** Time for the `always()` and post steps of a cancelled job before the server kills it (GitHub docs: 5 minutes). */
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
