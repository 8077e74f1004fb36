/** The Actions service: the implementation of `service.ts`. */

import { runExclusive } from "../../git/mutex.ts";
import { assertCancellable } from "../../operations/runs/runs.ts";
import type { WorkflowRun } from "../../world/repository.ts";
import { cancelExecution } from "../execution/cancel.ts";
import { createWorkflowFiles } from "../files/workflow-files.ts";
import { refreshWorkflows } from "../files/workflow-registry.ts";
import type { ActionsService } from "../service.ts";
import { createActivityTracker } from "../state/activity-tracker.ts";
import { createDeploymentGates } from "../state/deployment-gates.ts";
import type { Engine } from "../state/engine.ts";
import type { ActionsPorts } from "../state/ports.ts";
import { createConcurrencyGroups } from "../waiting/concurrency.ts";
import { createRunnerPool } from "../waiting/runner-pool.ts";
import { StoppedError } from "../waiting/stopped-error.ts";
import { dispatch, repositoryDispatch, schedule } from "./dispatch.ts";
import { dispatchForms } from "./dispatch-forms.ts";
import { rerun } from "./rerun.ts";
import { startRunsOnEvents } from "./start-triggered-runs.ts";

export function createActionsService(ports: ActionsPorts): ActionsService {
  const { world } = ports;
  const engine: Engine = {
    world,
    ports,
    activity: createActivityTracker(),
    files: createWorkflowFiles(world.profile),
    groups: createConcurrencyGroups(world),
    pool: createRunnerPool(world),
    gates: createDeploymentGates(world),
    executions: new Map(),
    lastRunNumbers: new Map(),
    chainDepths: new WeakMap(),
    errors: [],
  };
  const subscription = startRunsOnEvents(engine);

  function stopRun(run: WorkflowRun, login: string, forced: boolean): void {
    const execution = engine.executions.get(run);
    assertCancellable(run);
    if (execution) {
      cancelExecution(
        world,
        execution,
        new StoppedError("cancelled", `The run was canceled by @${login}.`, { forced }),
      );
    }
  }

  return {
    refreshWorkflows: (repository) => refreshWorkflows(world, engine.files, repository),
    dispatch: (request) => dispatch(engine, request),
    dispatchForms: (repository) => dispatchForms(engine, repository),
    repositoryDispatch: (request) => repositoryDispatch(engine, request),
    schedule: (repository, cron) => schedule(engine, repository, cron),
    cancel: (run, caller) => stopRun(run, caller.actor.login, false),
    forceCancel: (run, caller) => stopRun(run, caller.actor.login, true),
    rerun: (run, which, caller, debug) => rerun(engine, run, which, caller, debug),
    pendingDeployments: (run, account) => engine.gates.pendingDeployments(run, account),
    reviewDeployments: (run, environments, decision, caller) =>
      engine.gates.reviewDeployments(run, environments, decision, caller),
    bypassProtectionRules: (run, environments, caller) => engine.gates.bypassProtectionRules(run, environments, caller),
    offerRunner: (repository, runner) => engine.pool.offer(repository, runner),
    async waitUntilIdle(repository) {
      await engine.activity.waitUntilIdle(repository);
      throwCollectedErrors(engine);
    },
    async waitUntilCompleted(run) {
      await engine.executions.get(run)?.done.promise;
      throwCollectedErrors(engine);
    },
    async stop() {
      subscription[Symbol.dispose]();
      // Runs that are being started get started, and are then cancelled with the others.
      await Promise.all(
        [...world.repositories.values()].map(({ actions }) => runExclusive(actions, async () => undefined)),
      );
      const executions = [...engine.executions.values()];
      const reason = new StoppedError("cancelled", "The local GitHub is shutting down.", { forced: true });
      for (const execution of executions) cancelExecution(world, execution, reason);
      await Promise.all(executions.map((execution) => execution.done.promise));
      throwCollectedErrors(engine);
    },
  };
}

/** @throws AggregateError with the service's errors since the last call. */
function throwCollectedErrors({ errors }: Engine): void {
  if (errors.length > 0) throw new AggregateError(errors.splice(0), "The Actions service failed; see its errors");
}
