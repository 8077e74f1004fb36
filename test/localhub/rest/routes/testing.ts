/**
 * The Actions service as the routes see it, for tests of the routes alone: it keeps what it was asked and starts no job.
 * Like the real one it refuses what the records of a run do not allow.
 */
import { assertCancellable, assertRerunnable } from "../../operations/runs/runs.ts";
import { recordRun } from "../../operations/testing.ts";
import type { ActionsService, DispatchRequest, PendingEnvironment } from "../../workflows/service.ts";
import type { Job, WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

export interface AskedActions extends ActionsService {
  /** The calls that change something, in order: the method and what it was about. */
  readonly asked: (readonly [string, ...unknown[]])[];
  /** What `pending` answers. */
  waiting: readonly PendingEnvironment[];
}

export function createAskedActions(world: World): AskedActions {
  const asked: AskedActions["asked"] = [];
  const nothing = async (): Promise<void> => {};
  return {
    asked,
    waiting: [],
    refreshWorkflows: nothing,
    async dispatch(request: DispatchRequest) {
      asked.push(["dispatch", request.workflow.path, request.ref, request.inputs, request.caller.actor.login]);
      return recordRun(world, request.repository, request.caller.actor, {
        event: "workflow_dispatch",
        workflow: request.workflow,
      });
    },
    async repositoryDispatch({ eventType, clientPayload, caller }) {
      asked.push(["repositoryDispatch", eventType, clientPayload, caller.actor.login]);
    },
    schedule: async () => [],
    cancel(run: WorkflowRun, caller) {
      assertCancellable(run);
      asked.push(["cancel", run.id, caller.actor.login]);
    },
    forceCancel(run: WorkflowRun, caller) {
      assertCancellable(run);
      asked.push(["forceCancel", run.id, caller.actor.login]);
    },
    async rerun(run: WorkflowRun, which: "all" | "failed" | Job, caller, debug) {
      assertRerunnable(world, run, which);
      asked.push(["rerun", run.id, typeof which === "string" ? which : which.id, caller.actor.login, debug]);
    },
    pending() {
      return this.waiting;
    },
    review: (run, environments, answer, caller) =>
      void asked.push(["review", run.id, environments, answer, caller.actor.login]),
    bypass: (run, environments, caller) => void asked.push(["bypass", run.id, environments, caller.actor.login]),
    offer: () => undefined,
    settled: nothing,
    completed: nothing,
    stop: nothing,
  };
}
