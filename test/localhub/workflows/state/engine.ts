/** What the parts of the Actions service share. */

import { actionsApp } from "../../operations/people/accounts.ts";
import type { Workflow } from "../../world/actions.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository, WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import type { WorkflowFiles } from "../files/workflow-files.ts";
import type { ConcurrencyGroups } from "../waiting/concurrency.ts";
import type { RunnerPool } from "../waiting/runner-pool.ts";
import type { Activity } from "./activity.ts";
import type { Execution } from "./execution.ts";
import type { Gates } from "./gate.ts";
import type { ActionsPorts } from "./ports.ts";

export interface Engine {
  readonly world: World;
  readonly ports: ActionsPorts;
  readonly activity: Activity;
  readonly files: WorkflowFiles;
  readonly groups: ConcurrencyGroups;
  readonly pool: RunnerPool;
  readonly gates: Gates;
  /** The newest attempt of every run, at work or ended. */
  readonly executions: Map<WorkflowRun, Execution>;
  /** The number of each workflow's newest run. Deleting runs frees none. */
  readonly numbers: Map<Workflow, number>;
  /** How many `workflow_run` events led to the run, one after the other. */
  readonly depths: WeakMap<WorkflowRun, number>;
  /** What went wrong in the service itself; thrown to whoever waits for a run or for rest. */
  readonly failures: unknown[];
}

/** Lets `work` go on in the background. Its failure is a fault of this hub and is kept until somebody asks. */
export function launch(engine: Engine, repository: Repository, work: Promise<unknown>): void {
  engine.activity.during(repository, work).catch((error: unknown) => void engine.failures.push(error));
}

/** GitHub Actions itself, when it reports what a run does. */
export function actionsCaller(world: World): Caller {
  return { actor: actionsApp(world).bot, token: undefined };
}
