/** `needs` among the jobs of a workflow. GitHub compares job ids without regard to case. */

interface Dependent {
  readonly id: string;
  readonly needs: readonly string[];
}

export type DependencyOrder<J extends Dependent> =
  | { readonly kind: "ordered"; readonly jobs: readonly J[] }
  /** Because of each `need`, its job can never start. */
  | { readonly kind: "unsatisfiable"; readonly errors: readonly DependencyError[] };

export interface DependencyError {
  readonly job: string;
  readonly need: string;
  /** `unknown`: no job has this id. `cycle`: the job waits, in the end, for itself. */
  readonly reason: "unknown" | "cycle";
}

/** The jobs with every job after those it needs, otherwise in file order. */
export function orderByDependencies<J extends Dependent>(jobs: readonly J[]): DependencyOrder<J> {
  const ordered: J[] = [];
  const done = new Set<string>();
  let left = jobs;
  while (left.length > 0) {
    const ready = left.filter((job) => job.needs.every((need) => done.has(need.toLowerCase())));
    if (ready.length === 0) return { kind: "unsatisfiable", errors: findDependencyErrors(jobs, left, done) };
    for (const job of ready) {
      ordered.push(job);
      done.add(job.id.toLowerCase());
    }
    left = left.filter((job) => !ready.includes(job));
  }
  return { kind: "ordered", jobs: ordered };
}

function findDependencyErrors(
  jobs: readonly Dependent[],
  left: readonly Dependent[],
  done: ReadonlySet<string>,
): readonly DependencyError[] {
  const known = new Set(jobs.map((job) => job.id.toLowerCase()));
  const unmet = left.flatMap((job) =>
    job.needs
      .filter((need) => !done.has(need.toLowerCase()))
      .map(
        (need): DependencyError => ({ job: job.id, need, reason: known.has(need.toLowerCase()) ? "cycle" : "unknown" }),
      ),
  );
  // A job that merely waits for one with an unknown need is not part of a cycle: reporting the unknown one is enough.
  const unknown = unmet.filter(({ reason }) => reason === "unknown");
  return unknown.length > 0 ? unknown : unmet;
}
