/**
 * A new attempt of a run: of all jobs, of those that failed with what depends on them, or of one with what depends on
 * it.
 */
import { assertRerunnable } from "../../operations/runs/runs.ts";
import { ApiError } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Job, WorkflowRun } from "../../world/repository.ts";
import { announceWorkflowRun, currentAttempt } from "../execution/run-record.ts";
import type { LoadedWorkflow } from "../files/load-workflow.ts";
import type { Engine } from "../state/engine.ts";
import type { Execution, FinishedInstance } from "../state/execution.ts";
import { addAttempt, createExecution, startExecution, tryLoadWorkflow } from "./start-workflow-run.ts";

/** @throws ApiError 403 for a run that is in progress, too old, or re-run too often. */
export async function rerun(
  engine: Engine,
  run: WorkflowRun,
  which: "all" | "failed" | Job,
  caller: Caller,
  debug: boolean,
): Promise<void> {
  const { world } = engine;
  assertRerunnable(world, run, which);
  const last = engine.executions.get(run);
  if (last === undefined) {
    throw new ApiError(403, "Unable to retry this workflow run because its workflow file is invalid");
  }
  if (typeof which !== "string" && ![...last.finished.values()].some(({ job }) => job === which)) {
    throw new ApiError(403, "This job cannot be retried because it is not one of the latest attempt");
  }
  const workflow = which === "all" ? await loadAgain(engine, last) : last.workflow;
  // Another request may have started one while the files were read.
  assertRerunnable(world, run, which);
  const { suite } = currentAttempt(run);
  Object.assign(suite, { status: "queued", conclusion: null, updatedAt: world.clock.now() });
  const attempt = addAttempt(world, run, caller.actor, suite);
  const execution = createExecution(run, attempt, workflow, {
    inputs: last.inputs,
    reused: reusableInstances(last, which),
    debug,
  });
  announceWorkflowRun(world, run, "requested");
  startExecution(engine, execution);
}

/**
 * GitHub docs, "Reusing workflows", re-running: a re-run of all jobs uses called workflows at the current commits of
 * their refs; any other re-run uses those of the first attempt.
 */
async function loadAgain(engine: Engine, { workflow }: Execution): Promise<LoadedWorkflow> {
  const { source, file, text } = workflow;
  const loaded = await tryLoadWorkflow(engine, { kind: "valid", path: source.path, file, text }, source);
  if (loaded.kind === "loaded") return loaded.workflow;
  throw new ApiError(403, `Unable to retry this workflow run: ${loaded.errors.join("; ")}`);
}

/**
 * The finished jobs of the last attempt that are reused. Jobs that depend on a job that runs again always run again.
 */
function reusableInstances(last: Execution, which: "all" | "failed" | Job): ReadonlyMap<string, FinishedInstance> {
  const isReused = ({ conclusion, job }: FinishedInstance): boolean => {
    if (which === "all") return false;
    return which === "failed" ? conclusion === "success" || conclusion === "skipped" : job !== which;
  };
  return new Map([...last.finished].filter(([, finished]) => isReused(finished)));
}
