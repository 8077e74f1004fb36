/** What the parts of the Actions service share. */

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
  /** The newest attempt of every run, at work or ended. */
  readonly executions: Map<WorkflowRun, Execution>;
  /** The number of each workflow's newest run. Deleting runs frees none. */
  readonly lastRunNumbers: Map<Workflow, number>;
  /** How many `workflow_run` events led to the run, one after the other. */
  readonly chainDepths: WeakMap<WorkflowRun, number>;
  /** What went wrong in the service itself; thrown to whoever waits for a run or for rest. */
  readonly errors: unknown[];
}

/** Lets `work` go on in the background. Its failure is a fault of this hub and is kept until somebody asks. */
export function runInBackground(engine: Engine, repository: Repository, work: Promise<unknown>): void {
  engine.activity.track(repository, work).catch((error: unknown) => void engine.errors.push(error));
}

/** GitHub Actions itself, when it reports what a run does. */
export function actionsCaller(world: World): Caller {
  return { actor: actionsApp(world).bot, token: undefined };
}
