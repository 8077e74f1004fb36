/** Cancelling: which jobs end, and which continue. */
import { evaluateCondition } from "../../workflow-language/evaluate.ts";
import type { World } from "../../world/world.ts";
import { activeInstancesIn } from "../state/call-frame.ts";
import { type CallFrame, type Execution, type JobInstance, stopInstance } from "../state/execution.ts";
import { nodeScope } from "../state/expression-contexts.ts";
import type { StoppedError } from "../waiting/stopped-error.ts";

/**
 * Cancels a run as a whole. GitHub docs, "Canceling a workflow run": the `if` of every job that has not ended is
 * evaluated again, and a job for which it is still true (`always()`, `cancelled()`) continues.
 */
export function cancelExecution(world: World, execution: Execution, reason: StoppedError): void {
  if (execution.attempt.status === "completed") return;
  execution.cancelled = true;
  if (reason.forced) execution.forced = true;
  execution.queueAbort.abort(reason);
  for (const instance of [...execution.active]) {
    if (reason.forced || !continuesAfterCancel(world, execution, instance)) stopInstance(instance, reason);
  }
}

/** Cancels a called workflow, for example because its sibling in a matrix has failed. */
export function cancelCall(execution: Execution, frame: CallFrame, reason: StoppedError): void {
  frame.cancelled = true;
  for (const instance of activeInstancesIn(execution, frame)) stopInstance(instance, reason);
}

function continuesAfterCancel(world: World, execution: Execution, instance: JobInstance): boolean {
  try {
    return evaluateCondition(instance.node.definition.if, nodeScope(world, execution, instance.frame, instance.node));
  } catch {
    // It was true when the job started; when it cannot be evaluated now, the job is cancelled.
    return false;
  }
}
