/** Waiting for one run, while others go on: the acts of several people overlap. */
import type { LocalGitHub, WorkflowRun } from "@mlops-actions/localhub";

/** The newest run of a workflow for a commit that was pushed, as soon as there is one, once it is over. */
export function waitForRunOfCommit(github: LocalGitHub, workflow: string, commit: string): Promise<WorkflowRun> {
  return waitForMatchingRun(github, () => github.runs({ workflow }).findLast(({ headSha }) => headSha === commit));
}

/** The run that another run set off by ending (`workflow_run`), once it is over. */
export function waitForTriggeredRun(github: LocalGitHub, workflow: string, cause: WorkflowRun): Promise<WorkflowRun> {
  const isAfter = ({ payload }: WorkflowRun): boolean =>
    (payload["workflow_run"] as { readonly id?: number } | undefined)?.id === cause.id;
  return waitForMatchingRun(github, () => github.runs({ workflow }).findLast(isAfter));
}

/** Waits until a run is over, or waits for people. */
export function waitForRun(github: LocalGitHub, run: WorkflowRun): Promise<WorkflowRun> {
  return waitForMatchingRun(github, () => run);
}

function waitForMatchingRun({ world }: LocalGitHub, find: () => WorkflowRun | undefined): Promise<WorkflowRun> {
  const look = (): WorkflowRun | undefined => {
    const run = find();
    const status = run?.attempts.at(-1)?.status;
    return status === "completed" || status === "waiting" ? run : undefined;
  };
  return new Promise((resolve) => {
    const check = (): void => {
      const run = look();
      if (run === undefined) return;
      subscription[Symbol.dispose]();
      resolve(run);
    };
    // What is told of has happened once everybody was told.
    const subscription = world.subscribe(() => setImmediate(check));
    check();
  });
}
