/** GitHub lets the steps of a cancelled job run on for five minutes (docs, "Canceling a workflow run"). */
const CANCELLED_JOB_MS = 5 * 60_000;

/**
 * How long a post step may wait for the process that it has signalled to stop, in milliseconds.
 *
 * @param reserve what this post step and the following ones need after that
 */
export const graceAfterCancel = (grace: number, reserve: number): number => Math.min(grace, CANCELLED_JOB_MS - reserve);
