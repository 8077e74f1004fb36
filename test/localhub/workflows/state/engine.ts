/** The shared state of the Actions service. */

import { actionsApp } from "../../operations/people/accounts.ts";
import type { Workflow } from "../../world/actions.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository, WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import type { WorkflowFiles } from "../files/workflow-files.ts";
import type { ConcurrencyGroups } from "../waiting/concurrency.ts";
import type { RunnerPool } from "../waiting/runner-pool.ts";
import type { ActivityTracker } from "./activity-tracker.ts";
import type { DeploymentGates } from "./deployment-gates.ts";
import type { Execution } from "./execution.ts";
import type { ActionsPorts } from "./ports.ts";

export interface Engine {
  readonly world: World;
  readonly ports: ActionsPorts;
  readonly activity: ActivityTracker;
  readonly files: WorkflowFiles;
  readonly groups: ConcurrencyGroups;
  readonly pool: RunnerPool;
  readonly gates: DeploymentGates;
  /** The newest attempt of every run, in progress or ended. */
  readonly executions: Map<WorkflowRun, Execution>;
  /** The number of each workflow's newest run. Deleted runs do not free their numbers. */
  readonly lastRunNumbers: Map<Workflow, number>;
  /** How many `workflow_run` events led to the run, one after the other. */
  readonly chainDepths: WeakMap<WorkflowRun, number>;
  /** Errors of the service itself; thrown to the next caller that waits for a run or until idle. */
  readonly errors: unknown[];
}

/** Runs `work` in the background. Its failure is an error of the service and is stored in `engine.errors`. */
export function runInBackground(engine: Engine, repository: Repository, work: Promise<unknown>): void {
  engine.activity.track(repository, work).catch((error: unknown) => void engine.errors.push(error));
}

/** GitHub Actions itself, as the actor of changes to checks and runs. */
export function actionsCaller(world: World): Caller {
  return { actor: actionsApp(world).bot, token: undefined };
}
