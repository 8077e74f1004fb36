/** A job from "Set up job" to "Complete job". */

import { errorMessage } from "../workflow-language/error-message.ts";
import { completeJob } from "./complete-job.ts";
import { cleanTemp } from "./folders.ts";
import type { JobAssignment, JobObserver, JobResult, StepConclusion } from "./job.ts";
import { type JobState, recordFailure } from "./job-state.ts";
import { createMasker } from "./log/masker.ts";
import { createStepLog, type StepLog } from "./log/step-log.ts";
import { killOrphans } from "./process/kill-tree.ts";
import { listPids } from "./process/process-table.ts";
import { isPostDue, runStep } from "./run-step.ts";
import { type JobSignals, jobStepList, type PreparedJob, setUpJob } from "./set-up-job.ts";
import type { PlannedStep } from "./step/planned-step.ts";
import { hasPre } from "./step/planned-step.ts";
import type { StepStage } from "./step/step-call.ts";
import type { Timing } from "./timing.ts";

export interface RunnerSettings {
  readonly node24: string | undefined;
  readonly timing: Timing;
}

export interface StartedJob {
  readonly result: Promise<JobResult>;
  /** An error of the job as a whole, shown in the step that is running. */
  reportError(message: string): void;
}

export function runJob(
  assignment: JobAssignment,
  observer: JobObserver,
  control: JobSignals,
  settings: RunnerSettings,
): StartedJob {
  const { secrets, vars } = assignment.contexts;
  const debug = [secrets, vars].some((values) => values["ACTIONS_STEP_DEBUG"] === "true");
  const masker = createMasker(secretsOf(assignment));
  let current: StepLog | undefined;

  function openLog(number: number, name: string): StepLog {
    observer.stepStarted(number, masker.mask(name));
    current = createStepLog({ number, observer, masker, debug });
    return current;
  }

  async function run(): Promise<JobResult> {
    const before = new Set(await listPids());
    const log = openLog(1, "Set up job");
    let prepared: PreparedJob;
    try {
      prepared = await setUpJob({ assignment, observer, control, masker, debug, log, ...settings });
    } catch (error) {
      for (const line of errorMessage(error).split("\n")) log.annotate("error", line);
      observer.stepCompleted(1, "failure");
      return { conclusion: "failure", outputs: {}, environmentUrl: undefined };
    }
    const { job, steps } = prepared;
    try {
      if (control.cancelled.aborted) return await cancelBeforeStart(job);
      observer.stepCompleted(1, "success");
      const last = await runSteps(job, steps, openLog);
      if (control.killed.aborted) return { conclusion: "cancelled", outputs: {}, environmentUrl: undefined };
      const end = await completeJob(job, openLog(last + 1, "Complete job"), before);
      observer.stepCompleted(last + 1, "success");
      return { conclusion: job.status, ...end };
    } finally {
      await killOrphans(job.trackingId, before);
      await cleanTemp(job.folders);
    }
  }

  async function cancelBeforeStart(job: JobState): Promise<JobResult> {
    job.status = "cancelled";
    current?.annotate("error", "The operation was canceled.");
    observer.stepCompleted(1, "cancelled");
    return { conclusion: "cancelled", outputs: {}, environmentUrl: undefined };
  }

  return { result: run(), reportError: (message) => current?.annotate("error", message) };
}

/**
 * Runs all pre steps, all main steps, then the post steps of those that started, last first. Returns the last number.
 */
async function runSteps(
  job: JobState,
  steps: readonly PlannedStep[],
  openLog: (number: number, name: string) => StepLog,
): Promise<number> {
  const list = jobStepList(job);
  const posts: PlannedStep[] = [];
  const pre = steps.filter(hasPre);

  async function execute(step: PlannedStep, stage: StepStage, number: number): Promise<StepConclusion> {
    const options = { job, list, timeoutSignal: undefined, openLog: (name: string) => openLog(number, name) };
    const conclusion = await runStep(options, step, stage);
    if (conclusion === "failure") recordFailure(job);
    if (isPostDue(step) && !posts.includes(step)) posts.push(step);
    job.observer.stepCompleted(number, conclusion);
    return conclusion;
  }

  let number = 1;
  for (const [stage, planned] of [["pre", pre] as const, ["main", steps] as const]) {
    for (const step of planned) {
      if (job.killed.aborted) return number;
      number += 1;
      await execute(step, stage, number);
    }
  }
  if (posts.length === 0) return number;
  // GitHub's runner reserves a number for the post of every step, and numbers its posts backwards from the last one.
  const last = 2 * number;
  const due = [...posts];
  for (const [index, step] of [...due.entries()].toReversed()) {
    if (job.killed.aborted) break;
    await execute(step, "post", last - index);
  }
  return last;
}

/** The masks, the tokens, and the form in which git sends the job's token. */
function secretsOf({ masks, services }: JobAssignment): readonly string[] {
  const tokens = [services.token, services.runtimeToken, services.idTokenToken].filter((token) => token !== undefined);
  const basic = services.token === "" ? "" : Buffer.from(`x-access-token:${services.token}`).toString("base64");
  return [...masks, ...tokens, basic];
}
