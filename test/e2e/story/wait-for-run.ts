/** Waits for one run while others continue: the steps of several people overlap. */
import type { LocalGitHub, WorkflowRun } from "@mlops-actions/localhub";

/** The newest run of a workflow for a pushed commit, once it exists and has finished. */
export function waitForRunOfCommit(github: LocalGitHub, workflow: string, commit: string): Promise<WorkflowRun> {
  return waitForMatchingRun(github, () => github.runs({ workflow }).findLast(({ headSha }) => headSha === commit));
}

/** The run that the end of another run triggered (`workflow_run`), once it has finished. */
export function waitForTriggeredRun(github: LocalGitHub, workflow: string, cause: WorkflowRun): Promise<WorkflowRun> {
  const isAfter = ({ payload }: WorkflowRun): boolean =>
    (payload["workflow_run"] as { readonly id?: number } | undefined)?.id === cause.id;
  return waitForMatchingRun(github, () => github.runs({ workflow }).findLast(isAfter));
}

/** Waits until a run has finished, or waits for an approval. */
export function waitForRun(github: LocalGitHub, run: WorkflowRun): Promise<WorkflowRun> {
  return waitForMatchingRun(github, () => run);
}

function waitForMatchingRun({ world }: LocalGitHub, find: () => WorkflowRun | undefined): Promise<WorkflowRun> {
  const findSettled = (): WorkflowRun | undefined => {
    const run = find();
    const status = run?.attempts.at(-1)?.status;
    return status === "completed" || status === "waiting" ? run : undefined;
  };
  return new Promise((resolve) => {
    const check = (): void => {
      const run = findSettled();
      if (run === undefined) return;
      subscription[Symbol.dispose]();
      resolve(run);
    };
    // An event's effects are complete only after all subscribers have been notified.
    const subscription = world.subscribe(() => setImmediate(check));
    check();
  });
}
