/** A job from "Set up job" to "Complete job". */

import { completeJob } from "./complete-job.ts";
import { cleanTemp } from "./folders.ts";
import type { JobAssignment, JobObserver, JobResult, StepConclusion } from "./job.ts";
import { type JobState, recordFailure } from "./job-state.ts";
import { createMasker } from "./log/masker.ts";
import { createStepLog, type StepLog } from "./log/step-log.ts";
import { killOrphans } from "./process/kill-tree.ts";
import { listPids } from "./process/process-table.ts";
import { errorMessage, isPostDue, runStep } from "./run-step.ts";
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
  /** An error of the job as a whole, shown in the step that runs at that moment. */
  reportError(message: string): void;
}

export function runJob(
  assignment: JobAssignment,
  observer: JobObserver,
  control: JobSignals,
  setting: RunnerSettings,
): StartedJob {
  const { secrets, vars } = assignment.contexts;
  const debug = [secrets, vars].some((values) => values["ACTIONS_STEP_DEBUG"] === "true");
  const masker = createMasker(secretsOf(assignment));
  let current: StepLog | undefined;

  function begin(number: number, name: string): StepLog {
    observer.stepStarted(number, masker.mask(name));
    current = createStepLog({ number, observer, masker, debug });
    return current;
  }

  async function run(): Promise<JobResult> {
    const before = new Set(await listPids());
    const log = begin(1, "Set up job");
    let prepared: PreparedJob;
    try {
      prepared = await setUpJob({ assignment, observer, control, masker, debug, log, ...setting });
    } catch (error) {
      for (const line of errorMessage(error).split("\n")) log.annotate("error", line);
      observer.stepCompleted(1, "failure");
      return { conclusion: "failure", outputs: {}, environmentUrl: undefined };
    }
    const { job, steps } = prepared;
    try {
      if (control.cancelled.aborted) return await neverStarted(job);
      observer.stepCompleted(1, "success");
      const last = await runSteps(job, steps, begin);
      if (control.killed.aborted) return { conclusion: "cancelled", outputs: {}, environmentUrl: undefined };
      const end = await completeJob(job, begin(last + 1, "Complete job"), before);
      observer.stepCompleted(last + 1, "success");
      return { conclusion: job.status, ...end };
    } finally {
      await killOrphans(job.trackingId, before);
      await cleanTemp(job.folders);
    }
  }

  async function neverStarted(job: JobState): Promise<JobResult> {
    job.status = "cancelled";
    current?.annotate("error", "The operation was canceled.");
    observer.stepCompleted(1, "cancelled");
    return { conclusion: "cancelled", outputs: {}, environmentUrl: undefined };
  }

  return { result: run(), reportError: (message) => current?.annotate("error", message) };
}

/** All pre steps, all main steps, then the posts of those that began, last first. The number of the last step. */
async function runSteps(
  job: JobState,
  steps: readonly PlannedStep[],
  begin: (number: number, name: string) => StepLog,
): Promise<number> {
  const list = jobStepList(job);
  const posts: PlannedStep[] = [];
  const pre = steps.filter(hasPre);

  async function play(step: PlannedStep, stage: StepStage, number: number): Promise<StepConclusion> {
    const around = { job, list, timeoutSignal: undefined, openLog: (name: string) => begin(number, name) };
    const conclusion = await runStep(around, step, stage);
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
      await play(step, stage, number);
    }
  }
  if (posts.length === 0) return number;
  // GitHub's runner keeps a number free for the post of every step, and counts its posts back from the last one.
  const last = 2 * number;
  const due = [...posts];
  for (const [index, step] of [...due.entries()].toReversed()) {
    if (job.killed.aborted) break;
    await play(step, "post", last - index);
  }
  return last;
}

/** The tokens too, and the form in which git sends the job's token. */
function secretsOf({ masks, services }: JobAssignment): readonly string[] {
  const tokens = [services.token, services.runtimeToken, services.idTokenToken].filter((token) => token !== undefined);
  const basic = services.token === "" ? "" : Buffer.from(`x-access-token:${services.token}`).toString("base64");
  return [...masks, ...tokens, basic];
}
