/** The records of a run: created when a workflow starts, updated as its jobs progress. */
import { updateSuite } from "../../operations/checks/checks.ts";
import type { Conclusion } from "../../world/checks.ts";
import type { RunAttempt, WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { actionsCaller } from "../state/engine.ts";
import type { Execution } from "../state/execution.ts";
import { conclusionOf, type JobStatus, statusOf } from "../state/run-status.ts";

export function announceWorkflowRun(
  world: World,
  run: WorkflowRun,
  action: "requested" | "in_progress" | "completed",
): void {
  // No `cause`, even when a job has started the run: `workflow_run` may start further runs.
  world.publish({
    event: "workflow_run",
    action,
    run,
    repository: run.repository,
    actor: currentAttempt(run).triggeringActor,
    cause: undefined,
  });
}

/** @throws Error for a run without an attempt, which does not exist. */
export function currentAttempt(run: WorkflowRun): RunAttempt {
  const attempt = run.attempts.at(-1);
  if (attempt === undefined) throw new Error(`the workflow run ${run.id} has no attempt`);
  return attempt;
}

/** Updates the status from the jobs. */
export function updateRunStatus(world: World, execution: Execution): void {
  const { attempt, run } = execution;
  if (attempt.status === "completed") return;
  setAttemptStatus(world, run, attempt, { status: statusOf(jobStates(execution)), conclusion: null });
  if (attempt.status !== "in_progress" || execution.announcedInProgress) return;
  execution.announcedInProgress = true;
  announceWorkflowRun(world, run, "in_progress");
}

export function completeRun(world: World, execution: Execution): void {
  const conclusion = conclusionOf(jobStates(execution), execution.cancelled);
  setAttemptStatus(world, execution.run, execution.attempt, { status: "completed", conclusion });
}

/** Ends an attempt that cannot continue, or could never start, because of errors in its workflow files. */
export function failRun(world: World, run: WorkflowRun, attempt: RunAttempt, errors: readonly string[]): void {
  attempt.workflowErrors = errors;
  setAttemptStatus(world, run, attempt, { status: "completed", conclusion: "startup_failure" });
}

/** Sets the status of an attempt; publishes an event when it ends. */
export function setAttemptStatus(
  world: World,
  run: WorkflowRun,
  attempt: RunAttempt,
  to: { readonly status: RunAttempt["status"]; readonly conclusion: Conclusion | null },
): void {
  if (attempt.status === to.status) return;
  Object.assign(attempt, to, { updatedAt: world.clock.now() });
  updateSuite(world, run.repository, attempt.suite, to, actionsCaller(world));
  if (to.status === "completed") announceWorkflowRun(world, run, "completed");
}

function jobStates({ attempt, continueOnErrorJobs }: Execution): readonly JobStatus[] {
  return attempt.jobs.map((job) => ({
    status: job.status,
    conclusion: job.conclusion,
    continueOnError: continueOnErrorJobs.has(job),
  }));
}
