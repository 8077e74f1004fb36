/**
 * A fake Actions service for tests of the routes: it records its calls and starts no job. Like the real one it rejects
 * what the records of a run do not allow.
 */
import { assertCancellable, assertRerunnable } from "../../operations/runs/runs.ts";
import { addRunRecord } from "../../operations/testing.ts";
import type { ActionsService, DispatchRequest, PendingDeployment } from "../../workflows/service.ts";
import type { Job, WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

export interface RecordingActionsService extends ActionsService {
  /** The calls that change something, in order: the method and its arguments. */
  readonly calls: (readonly [string, ...unknown[]])[];
  /** What `pendingDeployments` returns. */
  pendingEnvironments: readonly PendingDeployment[];
}

export function createRecordingActionsService(world: World): RecordingActionsService {
  const calls: RecordingActionsService["calls"] = [];
  const nothing = async (): Promise<void> => {};
  return {
    calls,
    pendingEnvironments: [],
    refreshWorkflows: nothing,
    async dispatch(request: DispatchRequest) {
      calls.push(["dispatch", request.workflow.path, request.ref, request.inputs, request.caller.actor.login]);
      return addRunRecord(world, request.repository, request.caller.actor, {
        event: "workflow_dispatch",
        workflow: request.workflow,
      });
    },
    dispatchForms: async () => [],
    async repositoryDispatch({ eventType, clientPayload, caller }) {
      calls.push(["repositoryDispatch", eventType, clientPayload, caller.actor.login]);
    },
    schedule: async () => [],
    cancel(run: WorkflowRun, caller) {
      assertCancellable(run);
      calls.push(["cancel", run.id, caller.actor.login]);
    },
    forceCancel(run: WorkflowRun, caller) {
      assertCancellable(run);
      calls.push(["forceCancel", run.id, caller.actor.login]);
    },
    async rerun(run: WorkflowRun, which: "all" | "failed" | Job, caller, debug) {
      assertRerunnable(world, run, which);
      calls.push(["rerun", run.id, typeof which === "string" ? which : which.id, caller.actor.login, debug]);
    },
    pendingDeployments() {
      return this.pendingEnvironments;
    },
    reviewDeployments: (run, environments, review, caller) =>
      void calls.push(["review", run.id, environments, review, caller.actor.login]),
    bypassProtectionRules: (run, environments, caller) =>
      void calls.push(["bypass", run.id, environments, caller.actor.login]),
    offerRunner: () => undefined,
    waitUntilIdle: nothing,
    waitUntilCompleted: nothing,
    stop: nothing,
  };
}
