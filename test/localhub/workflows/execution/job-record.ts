/** The records of a job: created when the job is planned, and updated as it progresses. */
import { createJobCheckRun, updateJobCheckRun } from "../../operations/checks/checks.ts";
import type { CheckStatus } from "../../world/checks.ts";
import type { Permissions } from "../../world/identity.ts";
import type { Job, WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { workflowReference } from "../files/load-workflow.ts";
import { actionsCaller } from "../state/engine.ts";
import type { CallFrame, Execution } from "../state/execution.ts";
import type { JobConclusion } from "../state/job-outcomes.ts";
import { updateRunStatus } from "./run-record.ts";

export interface NewJob {
  readonly frame: CallFrame;
  /** The key under `jobs:`. */
  readonly key: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly runnerGroup: string | undefined;
  readonly environment: string | undefined;
  readonly permissions: Permissions;
}

export function createJobRecord(world: World, execution: Execution, newJob: NewJob): Job {
  const { run, attempt } = execution;
  const { frame, key, name, ...rest } = newJob;
  const id = world.nextId();
  const fullName = [...frame.names, name].join(" / ");
  const { source } = frame.workflow;
  const job: Job = {
    ...rest,
    id,
    run,
    attempt: attempt.number,
    key: [...frame.keys, key].join(" / "),
    name: fullName,
    calledWorkflow: frame.parent && { path: workflowReference(source), ref: source.ref, sha: source.sha },
    checkRun: createJobCheckRun(
      world,
      run.repository,
      { suite: attempt.suite, name: fullName, jobId: id, status: "queued" },
      actionsCaller(world),
    ),
    status: "queued",
    conclusion: null,
    createdAt: world.clock.now(),
    startedAt: null,
    completedAt: null,
    runner: undefined,
    steps: [],
    log: [],
  };
  run.repository.actions.jobs.set(id, job);
  attempt.jobs.push(job);
  updateRunStatus(world, execution);
  return job;
}

/** `pending`: for its concurrency group. `waiting`: for its environment. `queued`: for a runner. */
export function setJobStatus(
  world: World,
  execution: Execution,
  job: Job,
  status: Exclude<CheckStatus, "completed" | "requested">,
): void {
  job.status = status;
  if (status === "in_progress") job.startedAt = world.clock.now();
  const { startedAt } = job;
  updateJobCheckRun(
    world,
    job.run.repository,
    job.checkRun,
    { status, ...(startedAt && { startedAt }) },
    actionsCaller(world),
  );
  updateRunStatus(world, execution);
  if (status !== "pending") announceJob(world, job.run, job, status);
}

/** The job has ended. Steps that did not complete are shown as cancelled. */
export function completeJobRecord(world: World, execution: Execution, job: Job, conclusion: JobConclusion): void {
  const now = world.clock.now();
  for (const step of job.steps) {
    if (step.status === "completed") continue;
    Object.assign(step, { status: "completed", conclusion: "cancelled", completedAt: now });
  }
  Object.assign(job, { status: "completed", conclusion, completedAt: now, startedAt: job.startedAt ?? now });
  updateJobCheckRun(
    world,
    job.run.repository,
    job.checkRun,
    { status: "completed", conclusion, completedAt: now },
    actionsCaller(world),
  );
  announceJob(world, job.run, job, "completed");
  updateRunStatus(world, execution);
}

function announceJob(
  world: World,
  run: WorkflowRun,
  job: Job,
  action: "queued" | "waiting" | "in_progress" | "completed",
): void {
  const actor = run.attempts.at(-1)?.triggeringActor ?? run.actor;
  world.publish({ event: "workflow_job", action, job, repository: run.repository, actor, cause: undefined });
}
