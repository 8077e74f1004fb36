/** "Set up job": the folders, the job's variables, the code of its actions. */
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { evaluateText, evaluateTexts } from "../workflow-language/evaluate.ts";
import { findNode24 } from "./action/node-runtime.ts";
import { createProblemMatchers } from "./command/problem-matcher.ts";
import { prepareFolders } from "./folders.ts";
import type { JobAssignment, JobObserver } from "./job.ts";
import type { JobState } from "./job-state.ts";
import type { Masker } from "./log/masker.ts";
import type { StepLog } from "./log/step-log.ts";
import { expressionScope, type StepList } from "./step/expression-scope.ts";
import { type ActionOrigin, isLocal, type PlannedStep, planSteps } from "./step/planned-step.ts";
import { createStepsContext } from "./step/steps-context.ts";
import type { Timing } from "./timing.ts";

/** The release of GitHub's runner whose behaviour is implemented. */
const RUNNER_VERSION = "2.336.0";

export interface JobSignals {
  readonly cancelled: AbortSignal;
  readonly killed: AbortSignal;
}

export interface SetUpRequest {
  readonly assignment: JobAssignment;
  readonly observer: JobObserver;
  readonly control: JobSignals;
  readonly masker: Masker;
  readonly debug: boolean;
  readonly log: StepLog;
  readonly timing: Timing;
  readonly node24: string | undefined;
}

export interface PreparedJob {
  readonly job: JobState;
  readonly steps: readonly PlannedStep[];
}

/** @throws Error when the job cannot start: an expression fails, an action does not exist or cannot be run here. */
export async function setUpJob(request: SetUpRequest): Promise<PreparedJob> {
  const { assignment, log, control, timing } = request;
  const { runner } = assignment;
  log.output(`Current runner version: '${RUNNER_VERSION}'`);
  if (runner.environment === "self-hosted") {
    log.output(`Runner name: '${runner.name}'`);
    log.output(`Machine name: '${hostname()}'`);
  }
  if (runner.os === "Windows") throw new Error("this local GitHub does not support Windows machines");
  if (typeof assignment.contexts.github["secret_source"] === "string") {
    log.output(`Secret source: ${assignment.contexts.github["secret_source"]}`);
  }
  log.output("Prepare workflow directory");
  const folders = await prepareFolders(runner, String(assignment.contexts.github["repository"]));
  await writeFile(folders.eventFile, JSON.stringify(assignment.event, null, 2));

  const job: JobState = {
    ...{ assignment, timing, folders },
    ...{ observer: request.observer, masker: request.masker, debug: request.debug },
    node24: request.node24 ?? findNode24(),
    matchers: createProblemMatchers(folders.workspace),
    trackingId: `github_${randomUUID()}`,
    environment: new Map(),
    searchPath: [],
    defaults: { shell: "", workingDirectory: "" },
    steps: createStepsContext(),
    cancelled: control.cancelled,
    killed: control.killed,
    upgradedActions: new Set(),
    status: "success",
  };
  evaluateVariables(job);

  const remote = assignment.steps.flatMap((step) => (step.kind === "uses" && !isLocal(step.uses) ? [step.uses] : []));
  if (remote.length > 0) log.output("Prepare all required actions");
  for (const uses of new Set(remote)) log.output(`Download action repository '${uses}'`);
  const steps = await planSteps(assignment.steps, assignment.actions, homeOf(assignment));
  log.output(`Complete job name: ${assignment.name}`);
  return { job, steps };
}

/** The repository and commit of the workflow file, which for a called workflow are not the run's. */
function homeOf({ contexts }: JobAssignment): ActionOrigin | undefined {
  const { workflow_repository: repository, workflow_sha: sha } = contexts.job;
  return typeof repository === "string" && typeof sha === "string" ? { repository, ref: sha } : undefined;
}

/** The job's own list of steps. */
export function jobStepList(job: JobState): StepList {
  return { steps: job.steps, overrides: new Map(), github: {}, composite: undefined };
}

/** `env:` of the job may use that of the workflow; the defaults may use both. */
function evaluateVariables(job: JobState): void {
  const { contexts, env, defaults } = job.assignment;
  const github = { ...contexts.github, workspace: job.folders.workspace };
  const scope = () =>
    expressionScope({ job, list: jobStepList(job), github, env: job.environment, status: job.status });
  for (const block of env) {
    for (const [name, value] of Object.entries(evaluateTexts(block, scope(), "env"))) job.environment.set(name, value);
  }
  job.defaults.shell = evaluateText(defaults.shell, scope(), "defaults.run.shell");
  job.defaults.workingDirectory = evaluateText(defaults.workingDirectory, scope(), "defaults.run.working-directory");
}
