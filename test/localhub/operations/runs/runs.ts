/** Finding and deleting workflow runs, and whether one can be cancelled or re-run. */

import { ApiError, notFound } from "../../world/api-error.ts";
import type { Job, Repository, RunAttempt, WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { removeArtifact } from "./artifacts.ts";

/** GitHub docs, "Re-running workflows and jobs": up to 30 days after the first run, at most 50 times. */
const RERUN_DAYS = 30;
const MAX_RERUNS = 50;

/** @throws ApiError 404 */
export function runById(repository: Repository, id: number): WorkflowRun {
  const run = repository.actions.runs.get(id);
  if (run === undefined) throw notFound();
  return run;
}

/** @throws ApiError 404 */
export function jobById(repository: Repository, id: number): Job {
  const job = repository.actions.jobs.get(id);
  if (job === undefined) throw notFound();
  return job;
}

/** The attempt of that number, or the latest. @throws ApiError 404 */
export function attemptByNumber(run: WorkflowRun, number?: number): RunAttempt {
  const attempt = number === undefined ? run.attempts.at(-1) : run.attempts.find((one) => one.number === number);
  if (attempt === undefined) throw notFound();
  return attempt;
}

/** @throws ApiError 409 for a run that has ended. */
export function assertCancellable(run: WorkflowRun): void {
  if (attemptByNumber(run).status === "completed")
    throw new ApiError(409, "Cannot cancel a workflow run that is completed.");
}

/** @throws ApiError 403 with GitHub's message. */
export function assertRerunnable(world: World, run: WorkflowRun, which: "all" | "failed" | Job): void {
  if (attemptByNumber(run).status !== "completed")
    throw new ApiError(
      403,
      typeof which === "string"
        ? "This workflow is already running"
        : "The workflow run containing this job is already running",
    );
  if (world.clock.now().getTime() - run.createdAt.getTime() > RERUN_DAYS * 86_400_000)
    throw new ApiError(403, "Unable to retry this workflow run because it was created over a month ago");
  if (run.attempts.length > MAX_RERUNS)
    throw new ApiError(403, `Unable to retry this workflow run because it was already re-run ${MAX_RERUNS} times`);
  if (which === "failed" && attemptByNumber(run).conclusion === "success")
    throw new ApiError(403, "This workflow run cannot be retried because it has no failed jobs");
}

/** Deletes the run with its jobs and artifacts. @throws ApiError 403 for a run that has not ended. */
export function deleteRun(run: WorkflowRun): void {
  if (attemptByNumber(run).status !== "completed") throw new ApiError(403, "Could not delete the workflow run");
  const { actions } = run.repository;
  actions.runs.delete(run.id);
  for (const attempt of run.attempts) for (const job of attempt.jobs) actions.jobs.delete(job.id);
  for (const artifact of [...actions.artifacts.values()]) if (artifact.run === run) removeArtifact(artifact);
}
