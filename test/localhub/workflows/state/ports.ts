/** What the Actions service needs from the rest of the local GitHub. */
import type { ActionSource, RunnerMachine, ServiceAccess, StartJob } from "../../runner/job.ts";
import type { Runner } from "../../world/actions.ts";
import type { Job, WorkflowRun } from "../../world/repository.ts";
import type { Token } from "../../world/tokens.ts";
import type { World } from "../../world/world.ts";

export interface ActionsPorts {
  readonly world: World;
  readonly startJob: StartJob;
  /** The services that a job's tools call, with the job's own token. */
  readonly services: (job: Job, token: Token) => ServiceAccess;
  /** The source of the code for `uses:`, for the jobs of one run. */
  readonly actions: (run: WorkflowRun) => ActionSource;
  /** The machine of a runner. */
  readonly machine: (runner: Runner) => RunnerMachine;
}
