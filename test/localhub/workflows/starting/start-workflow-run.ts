/** Starts a run: loads its files, creates its records, and starts its execution. */

import { createSuite } from "../../operations/checks/checks.ts";
import { actionsApp } from "../../operations/people/accounts.ts";
import { errorMessage } from "../../workflow-language/error-message.ts";
import { evaluateText } from "../../workflow-language/evaluate.ts";
import { InvalidFileError } from "../../workflow-language/model.ts";
import type { Json } from "../../workflow-language/values.ts";
import type { Workflow } from "../../world/actions.ts";
import type { CheckSuite } from "../../world/checks.ts";
import type { Account } from "../../world/identity.ts";
import type { RequiredWorkflowFile, RunAttempt, WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { executeRun } from "../execution/execute-run.ts";
import { announceWorkflowRun, failRun } from "../execution/run-record.ts";
import { type LoadedWorkflow, loadWorkflow, type WorkflowSource, workflowReference } from "../files/load-workflow.ts";
import type { ParsedWorkflowFile } from "../files/workflow-files.ts";
import { ensureWorkflow } from "../files/workflow-registry.ts";
import { type Engine, runInBackground } from "../state/engine.ts";
import type { Execution, FinishedInstance } from "../state/execution.ts";
import { frameContexts } from "../state/expression-contexts.ts";
import { privilegesOf } from "../triggers/run-privileges.ts";
import type { Trigger } from "../triggers/trigger.ts";

export interface NewRun {
  readonly trigger: Trigger;
  readonly actor: Account;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly workflowFile: ParsedWorkflowFile;
  /** The inputs of a dispatch. */
  readonly inputs: Readonly<Record<string, Json>> | null;
  /** Where the file is, when a ruleset requires the workflow. By default it is in the trigger's commit. */
  readonly required?: RequiredWorkflowFile;
}

/** The new run: in progress or, when GitHub would reject its files, completed as a `startup_failure`. */
export async function startWorkflowRun(engine: Engine, newRun: NewRun): Promise<WorkflowRun> {
  const { world } = engine;
  const { trigger, workflowFile, actor } = newRun;
  const { repository } = trigger;
  const { path } = workflowFile;
  const source = { ...(newRun.required ?? { repository, ref: trigger.ref, sha: trigger.sha }), path };
  const loaded = await tryLoadWorkflow(engine, workflowFile, source);
  const headCommit = await repository.git.commit(trigger.headSha);

  // No `await` from here to the run's record: numbers have no gaps and are used once.
  const workflow = ensureWorkflow(
    world,
    repository,
    workflowFile,
    newRun.required && `${newRun.required.repository.fullName}/${path}`,
  );
  const now = world.clock.now();
  const run: WorkflowRun = {
    id: world.nextId(),
    repository,
    workflow,
    runNumber: nextNumber(engine, workflow),
    event: trigger.event,
    payload: newRun.payload,
    ref: trigger.ref,
    sha: trigger.sha,
    headSha: trigger.headSha,
    headCommit,
    headBranch: trigger.headBranch,
    headRepository: trigger.headRepository,
    actor,
    pulls: trigger.pulls,
    displayTitle: trigger.title ?? workflow.name,
    createdAt: now,
    attempts: [],
    approvals: [],
    referencedWorkflows: loaded.kind === "loaded" ? referencesOf(loaded.workflow) : [],
    required: newRun.required,
  };
  repository.actions.runs.set(run.id, run);
  if (trigger.sourceRun) engine.chainDepths.set(run, (engine.chainDepths.get(trigger.sourceRun) ?? 0) + 1);
  const app = actionsApp(world);
  const suite = createSuite(
    world,
    repository,
    { app, headSha: run.headSha, headBranch: run.headBranch, workflowRunId: run.id },
    { actor, token: undefined },
  );
  const attempt = addAttempt(world, run, actor, suite);
  if (loaded.kind === "refused") {
    announceWorkflowRun(world, run, "requested");
    failRun(world, run, attempt, loaded.errors);
    return run;
  }
  const execution = createExecution(run, attempt, loaded.workflow, { inputs: newRun.inputs });
  const titleError = setTitle(world, execution);
  announceWorkflowRun(world, run, "requested");
  if (titleError === undefined) startExecution(engine, execution);
  else failRun(world, run, attempt, [`${workflowFile.path}: ${titleError}`]);
  return run;
}

/** Starts the execution in the background; it is now the run's newest. */
export function startExecution(engine: Engine, execution: Execution): void {
  engine.executions.set(execution.run, execution);
  runInBackground(engine, execution.run.repository, executeRun(engine, execution));
}

export function addAttempt(world: World, run: WorkflowRun, triggeringActor: Account, suite: CheckSuite): RunAttempt {
  const now = world.clock.now();
  const attempt: RunAttempt = {
    number: run.attempts.length + 1,
    triggeringActor,
    suite,
    jobs: [],
    status: "queued",
    conclusion: null,
    startedAt: now,
    updatedAt: now,
  };
  run.attempts.push(attempt);
  return attempt;
}

export function createExecution(
  run: WorkflowRun,
  attempt: RunAttempt,
  workflow: LoadedWorkflow,
  options: {
    readonly inputs: Execution["inputs"];
    readonly reused?: ReadonlyMap<string, FinishedInstance>;
    readonly debug?: boolean;
  },
): Execution {
  return {
    run,
    attempt,
    workflow,
    privileges: privilegesOf(run),
    inputs: options.inputs,
    debug: options.debug ?? false,
    reused: options.reused ?? new Map(),
    finished: new Map(),
    active: new Set(),
    continueOnErrorJobs: new Set(),
    queueAbort: new AbortController(),
    announcedInProgress: false,
    cancelled: false,
    forced: false,
    done: Promise.withResolvers(),
  };
}

export type LoadResult =
  | { readonly kind: "loaded"; readonly workflow: LoadedWorkflow }
  | { readonly kind: "refused"; readonly errors: readonly string[] };

export async function tryLoadWorkflow(
  engine: Engine,
  read: ParsedWorkflowFile,
  source: WorkflowSource,
): Promise<LoadResult> {
  if (read.kind === "invalid") return refused(read.error);
  try {
    return { kind: "loaded", workflow: await loadWorkflow(engine, { source, file: read.file, text: read.text }) };
  } catch (error) {
    if (error instanceof InvalidFileError) return refused(error);
    throw error;
  }
}

const refused = (error: InvalidFileError): LoadResult => ({ kind: "refused", errors: error.message.split("\n") });

/** Sets the title from `run-name`, unless that is empty. Returns the error in it, if there is one. */
function setTitle(world: World, execution: Execution): string | undefined {
  const { run, workflow } = execution;
  if (workflow.file.runName === undefined) return undefined;
  try {
    const scope = { contexts: frameContexts(world, execution, execution.inputs) };
    run.displayTitle = evaluateText(workflow.file.runName, scope, "run-name").trim() || run.displayTitle;
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}

function referencesOf(workflow: LoadedWorkflow): WorkflowRun["referencedWorkflows"] {
  const called = [...workflow.calls.values()].flatMap((each) => [
    { path: workflowReference(each.source), sha: each.source.sha, ref: each.source.ref },
    ...referencesOf(each),
  ]);
  return [...new Map(called.map((reference) => [reference.path, reference])).values()];
}

function nextNumber(engine: Engine, workflow: Workflow): number {
  const number = (engine.lastRunNumbers.get(workflow) ?? 0) + 1;
  engine.lastRunNumbers.set(workflow, number);
  return number;
}
