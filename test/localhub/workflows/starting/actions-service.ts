/** The Actions service: `service.ts` made true. */

import { inTurn } from "../../operations/git/turns.ts";
import { assertCancellable } from "../../operations/runs/runs.ts";
import type { WorkflowRun } from "../../world/repository.ts";
import { createWorkflowFiles } from "../files/workflow-files.ts";
import { refreshWorkflows } from "../files/workflow-registry.ts";
import { cancelExecution } from "../playing/cancel.ts";
import type { ActionsService } from "../service.ts";
import { createActivity } from "../state/activity.ts";
import type { Engine } from "../state/engine.ts";
import { createGates } from "../state/gate.ts";
import type { ActionsPorts } from "../state/ports.ts";
import { createConcurrencyGroups } from "../waiting/concurrency.ts";
import { createRunnerPool } from "../waiting/runner-pool.ts";
import { Stopped } from "../waiting/stopped.ts";
import { dispatch, repositoryDispatch, schedule } from "./dispatch.ts";
import { rerun } from "./rerun.ts";
import { listen } from "./trigger.ts";

export function createActionsService(ports: ActionsPorts): ActionsService {
  const { world } = ports;
  const engine: Engine = {
    world,
    ports,
    activity: createActivity(),
    files: createWorkflowFiles(world.profile),
    groups: createConcurrencyGroups(world),
    pool: createRunnerPool(world),
    gates: createGates(world),
    executions: new Map(),
    numbers: new Map(),
    depths: new WeakMap(),
    failures: [],
  };
  const listening = listen(engine);

  function stopRun(run: WorkflowRun, login: string, forced: boolean): void {
    const execution = engine.executions.get(run);
    assertCancellable(run);
    if (execution) {
      cancelExecution(world, execution, new Stopped("cancelled", `The run was canceled by @${login}.`, { forced }));
    }
  }

  return {
    refreshWorkflows: (repository) => refreshWorkflows(world, engine.files, repository),
    dispatch: (request) => dispatch(engine, request),
    repositoryDispatch: (request) => repositoryDispatch(engine, request),
    schedule: (repository, cron) => schedule(engine, repository, cron),
    cancel: (run, caller) => stopRun(run, caller.actor.login, false),
    forceCancel: (run, caller) => stopRun(run, caller.actor.login, true),
    rerun: (run, which, caller, debug) => rerun(engine, run, which, caller, debug),
    pending: (run, account) => engine.gates.pending(run, account),
    review: (run, environments, answer, caller) => engine.gates.review(run, environments, answer, caller),
    bypass: (run, environments, caller) => engine.gates.bypass(run, environments, caller),
    offer: (repository, runner) => engine.pool.offer(repository, runner),
    async settled(repository) {
      await engine.activity.settled(repository);
      reportFailures(engine);
    },
    async completed(run) {
      await engine.executions.get(run)?.done.promise;
      reportFailures(engine);
    },
    async stop() {
      listening[Symbol.dispose]();
      // What was being started is started, and then ended with the rest.
      await Promise.all([...world.repositories.values()].map(({ actions }) => inTurn(actions, async () => undefined)));
      const executions = [...engine.executions.values()];
      const reason = new Stopped("cancelled", "The local GitHub is shutting down.", { forced: true });
      for (const execution of executions) cancelExecution(world, execution, reason);
      await Promise.all(executions.map((execution) => execution.done.promise));
      reportFailures(engine);
    },
  };
}

/** @throws AggregateError with what went wrong in the service since the last report. */
function reportFailures({ failures }: Engine): void {
  if (failures.length > 0) throw new AggregateError(failures.splice(0), "The Actions service failed; see its errors");
}
