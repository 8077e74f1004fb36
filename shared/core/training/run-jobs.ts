/** The jobs of a dispatched run, and how long each has waited to start. */

export interface RunJob {
  readonly id: number;
  readonly name: string;
  /** GitHub's word: `queued`, `waiting`, `pending`, `requested`, `in_progress` or `completed`. */
  readonly status: string;
  readonly conclusion: string | null;
  readonly labels: readonly string[];
  /** UTC, ISO 8601. */
  readonly since: string;
}

/** When each job that has not started was first seen waiting, by its id; in milliseconds of the watcher's clock. */
export type JobWaits = ReadonlyMap<number, number>;

/** Stands for the run itself while it has no jobs: it waits for its concurrency group, or to be queued. */
const NO_JOB = 0;

export const hasNotStarted = ({ status }: Pick<RunJob, "status">): boolean =>
  status !== "completed" && status !== "in_progress";

/**
 * A job waits for itself, whatever others of its run do: a run whose first job has ended is "in progress" also while nothing
 * can take the second. Only behind a running job with the same labels it waits for its own run, and that does not count.
 */
export function trackWaits(waits: JobWaits, jobs: readonly RunJob[], now: number): JobWaits {
  if (jobs.length === 0) return new Map([[NO_JOB, waits.get(NO_JOB) ?? now]]);
  const running = jobs.filter(({ status }) => status === "in_progress").map(labelsOf);
  return new Map(
    jobs.filter(hasNotStarted).map((job) => {
      const since = running.includes(labelsOf(job)) ? now : (waits.get(job.id) ?? now);
      return [job.id, since];
    }),
  );
}

/** Milliseconds that the job that waits longest has waited. */
export const longestWait = (waits: JobWaits, now: number): number =>
  Math.max(0, ...[...waits.values()].map((since) => now - since));

export const labelsOf = ({ labels }: Pick<RunJob, "labels">): string =>
  JSON.stringify(labels.map((label) => label.toLowerCase()).toSorted());
