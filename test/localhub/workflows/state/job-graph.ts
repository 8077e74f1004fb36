/** How the results of jobs add up, and what the status functions say about the jobs a job depends on. */

/** `needs.<job>.result`. */
export type JobConclusion = "success" | "failure" | "cancelled" | "skipped";

export interface JobOutcome {
  readonly result: JobConclusion;
  readonly outputs: Readonly<Record<string, string>>;
}

/** The result of a job that ran in several legs (a matrix). */
export function combineResults(legs: readonly JobConclusion[]): JobConclusion {
  for (const result of ["failure", "cancelled", "success"] as const) if (legs.includes(result)) return result;
  return "skipped";
}

/** The outputs of a job that ran in several legs: of the legs that set one, the last to complete wins. */
export function combineOutputs(legs: readonly JobOutcome[]): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  for (const leg of legs) {
    for (const [name, value] of Object.entries(leg.outputs)) {
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
 * The status functions as a job's `if` sees them. `success()` looks at all ancestors: one that was skipped far up
 * keeps it false (actions/runner#491). A cancelled run makes it false as well (GitHub docs: canceling a workflow run).
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
