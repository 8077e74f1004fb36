/** How the results of jobs are combined, and the status functions over the jobs that a job depends on. */

/** `needs.<job>.result`. */
export type JobConclusion = "success" | "failure" | "cancelled" | "skipped";

export interface JobOutcome {
  readonly result: JobConclusion;
  readonly outputs: Readonly<Record<string, string>>;
}

/** The result of a job with several instances (a matrix). */
export function combineResults(results: readonly JobConclusion[]): JobConclusion {
  for (const result of ["failure", "cancelled", "success"] as const) if (results.includes(result)) return result;
  return "skipped";
}

/** The outputs of a job with several instances: of those that set one, the last to complete wins. */
export function combineOutputs(outcomes: readonly JobOutcome[]): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  for (const outcome of outcomes) {
    for (const [name, value] of Object.entries(outcome.outputs)) {
      if (value !== "" || outputs[name] === undefined) outputs[name] = value;
    }
  }
  return outputs;
}

/** Every job that `job` waits for, however far up. */
export function ancestorsOf<Job>(job: Job, needs: (job: Job) => readonly Job[]): ReadonlySet<Job> {
  const found = new Set<Job>();
  const visit = (of: Job): void => {
    for (const need of needs(of)) {
      if (found.has(need)) continue;
      found.add(need);
      visit(need);
    }
  };
  visit(job);
  return found;
}

/**
 * The status functions for a job's `if`. `success()` checks all ancestors: a skipped one, however far up, makes it
 * false (actions/runner#491). A cancelled run makes it false as well (GitHub docs: canceling a workflow run).
 */
export function statusFunctions(
  ancestors: readonly JobConclusion[],
  cancelled: boolean,
): Readonly<Record<"success" | "failure" | "cancelled" | "always", () => boolean>> {
  return {
    success: () => !cancelled && ancestors.every((result) => result === "success"),
    failure: () => ancestors.includes("failure"),
    cancelled: () => cancelled,
    always: () => true,
  };
}
