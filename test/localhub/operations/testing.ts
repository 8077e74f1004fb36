/** Records of workflow runs and jobs, for tests that need some without the Actions service. */

import type { Workflow } from "../world/actions.ts";
import type { Account } from "../world/identity.ts";
import type { Job, Repository, RunAttempt, WorkflowRun } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { createJobCheckRun, createSuite } from "./checks/checks.ts";
import { actionsApp } from "./people/accounts.ts";

export interface RunRecordOptions {
  readonly event?: string;
  readonly ref?: string;
  readonly payload?: WorkflowRun["payload"];
  readonly headRepository?: Repository;
  readonly pulls?: readonly number[];
  readonly workflow?: Workflow;
}

/** By default a run on a push to the default branch. Its first attempt is in progress and has no job yet. */
export async function addRunRecord(
  world: World,
  repository: Repository,
  actor: Account,
  options: RunRecordOptions = {},
): Promise<WorkflowRun> {
  const ref = options.ref ?? `refs/heads/${repository.defaultBranch}`;
  const sha = (await repository.git.resolve(repository.defaultBranch)) ?? "0".repeat(40);
  const workflow = options.workflow ?? addWorkflowRecord(world, repository, "train");
  const siblings = [...repository.actions.runs.values()].filter((run) => run.workflow === workflow);
  const run: WorkflowRun = {
    id: world.nextId(),
    repository,
    workflow,
    runNumber: siblings.length + 1,
    event: options.event ?? "push",
    payload: options.payload ?? {},
    ref,
    sha,
    headSha: sha,
    headCommit: await repository.git.commit(sha),
    headBranch: ref.replace(/^refs\/(?:heads|tags)\//, ""),
    headRepository: options.headRepository ?? repository,
    actor,
    pulls: options.pulls ?? [],
    displayTitle: "Train the model",
    createdAt: world.clock.now(),
    attempts: [],
    approvals: [],
    referencedWorkflows: [],
    required: undefined,
  };
  repository.actions.runs.set(run.id, run);
  addAttemptRecord(world, run);
  return run;
}

export function addWorkflowRecord(world: World, repository: Repository, name: string): Workflow {
  const now = world.clock.now();
  const path = `.github/workflows/${name}.yml`;
  const existing = [...repository.actions.workflows.values()].find((workflow) => workflow.path === path);
  const workflow = existing ?? { id: world.nextId(), path, name, state: "active", createdAt: now, updatedAt: now };
  repository.actions.workflows.set(workflow.id, workflow);
  return workflow;
}

/** Adds an attempt of the run, in progress. */
export function addAttemptRecord(world: World, run: WorkflowRun): RunAttempt {
  const app = actionsApp(world);
  const caller = { actor: app.bot, token: undefined };
  const suite = { app, headSha: run.headSha, headBranch: run.headBranch, workflowRunId: run.id };
  const now = world.clock.now();
  const attempt: RunAttempt = {
    number: run.attempts.length + 1,
    triggeringActor: run.actor,
    suite: createSuite(world, run.repository, suite, caller),
    jobs: [],
    status: "in_progress",
    conclusion: null,
    startedAt: now,
    updatedAt: now,
  };
  run.attempts.push(attempt);
  return attempt;
}

/** Adds a job to the run's latest attempt, in progress without a runner. */
export function addJobRecord(
  world: World,
  run: WorkflowRun,
  options: Partial<Job> & { readonly name?: string } = {},
): Job {
  const attempt = run.attempts.at(-1) ?? addAttemptRecord(world, run);
  const id = world.nextId();
  const name = options.name ?? "train";
  const caller = { actor: actionsApp(world).bot, token: undefined };
  const now = world.clock.now();
  const job: Job = {
    id,
    run,
    attempt: attempt.number,
    key: name,
    name,
    labels: ["ubuntu-latest"],
    runnerGroup: undefined,
    environment: undefined,
    permissions: {},
    checkRun: createJobCheckRun(
      world,
      run.repository,
      { suite: attempt.suite, name, jobId: id, status: "in_progress" },
      caller,
    ),
    status: "in_progress",
    conclusion: null,
    createdAt: now,
    startedAt: now,
    completedAt: null,
    runner: undefined,
    steps: [],
    log: [],
    ...options,
  };
  attempt.jobs.push(job);
  run.repository.actions.jobs.set(id, job);
  return job;
}

/** Ends the run's latest attempt and its jobs. */
export function endRunRecord(world: World, run: WorkflowRun, conclusion: "success" | "failure" | "cancelled"): void {
  const attempt = run.attempts.at(-1);
  const completedAt = world.clock.now();
  for (const job of attempt?.jobs ?? []) Object.assign(job, { status: "completed", conclusion, completedAt });
  Object.assign(attempt ?? {}, { status: "completed", conclusion, updatedAt: completedAt });
}
