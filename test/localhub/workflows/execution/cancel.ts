/** Cancelling: which jobs end, which go on. */
import { evaluateCondition } from "../../workflow-language/evaluate.ts";
import type { World } from "../../world/world.ts";
import { activeInstancesIn } from "../state/call-frame.ts";
import { type CallFrame, type Execution, type JobInstance, stopInstance } from "../state/execution.ts";
import { nodeScope } from "../state/scope.ts";
import type { StoppedError } from "../waiting/stopped-error.ts";

/**
 * Cancels a run as a whole. GitHub docs, "Canceling a workflow run": the `if` of every job that has not ended is
 * evaluated again, and a job for which it still holds (`always()`, `cancelled()`) goes on.
 */
export function cancelExecution(world: World, execution: Execution, reason: StoppedError): void {
  if (execution.attempt.status === "completed") return;
  execution.cancelled = true;
  if (reason.forced) execution.forced = true;
  execution.queueAbort.abort(reason);
  for (const leg of [...execution.active]) {
    if (reason.forced || !continuesAfterCancel(world, execution, leg)) stopInstance(leg, reason);
  }
}

/** Gives up a called workflow whose sibling in a matrix has failed. */
export function cancelCall(execution: Execution, frame: CallFrame, reason: StoppedError): void {
  frame.cancelled = true;
  for (const leg of activeInstancesIn(execution, frame)) stopInstance(leg, reason);
}

function continuesAfterCancel(world: World, execution: Execution, leg: JobInstance): boolean {
  try {
    return evaluateCondition(leg.node.definition.if, nodeScope(world, execution, leg.frame, leg.node));
  } catch {
    // It held when the job began; what cannot be evaluated now is no reason to keep the job.
    return false;
  }
}
