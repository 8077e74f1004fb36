/** Cancelling: which jobs end, which go on. */
import { evaluateCondition } from "../../workflow-language/evaluate.ts";
import type { World } from "../../world/world.ts";
import { type Execution, type Frame, type JobLeg, stopLeg } from "../state/execution.ts";
import { legsWithin } from "../state/frame.ts";
import { nodeScope } from "../state/scope.ts";
import type { Stopped } from "../waiting/stopped.ts";

/**
 * Cancels a run as a whole. GitHub docs, "Canceling a workflow run": the `if` of every job that has not ended is
 * evaluated again, and a job for which it still holds (`always()`, `cancelled()`) goes on.
 */
export function cancelExecution(world: World, execution: Execution, reason: Stopped): void {
  if (execution.attempt.status === "completed") return;
  execution.cancelled = true;
  if (reason.forced) execution.forced = true;
  execution.start.abort(reason);
  for (const leg of [...execution.active]) {
    if (reason.forced || !goesOn(world, execution, leg)) stopLeg(leg, reason);
  }
}

/** Gives up a called workflow whose sibling in a matrix has failed. */
export function cancelFrame(execution: Execution, frame: Frame, reason: Stopped): void {
  frame.cancelled = true;
  for (const leg of legsWithin(execution, frame)) stopLeg(leg, reason);
}

function goesOn(world: World, execution: Execution, leg: JobLeg): boolean {
  try {
    return evaluateCondition(leg.node.definition.if, nodeScope(world, execution, leg.frame, leg.node));
  } catch {
    // It held when the job began; what cannot be evaluated now is no reason to keep the job.
    return false;
  }
}
