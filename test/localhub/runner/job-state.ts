/** The state that the steps of one running job share. */

import type { ProblemMatchers } from "./command/problem-matcher.ts";
import type { JobFolders } from "./folders.ts";
import type { JobAssignment, JobObserver, JobResult } from "./job.ts";
import type { Masker } from "./log/masker.ts";
import type { StepsContext } from "./step/steps-context.ts";
import type { Timing } from "./timing.ts";

export interface JobState {
  readonly assignment: JobAssignment;
  readonly observer: JobObserver;
  readonly timing: Timing;
  /** The Node 24 that runs JavaScript actions. */
  readonly node24: string;
  readonly folders: JobFolders;
  readonly masker: Masker;
  readonly matchers: ProblemMatchers;
  /** Set in every process of the job, so that orphans are found at the end. */
  readonly trackingId: string;
  /** `env:` of workflow and job, then what steps wrote to `GITHUB_ENV`. */
  readonly environment: Map<string, string>;
  /** Folders that steps added before `PATH`, newest last. */
  readonly searchPath: string[];
  readonly defaults: { shell: string; workingDirectory: string };
  readonly steps: StepsContext;
  /** `ACTIONS_STEP_DEBUG` is set: debug lines are shown. */
  readonly debug: boolean;
  /** Aborts when the job is cancelled; steps then get the runner's grace periods. */
  readonly cancelled: AbortSignal;
  /** Aborts when the job has to end at once. */
  readonly killed: AbortSignal;
  /** `node20` actions that were run on Node 24, to be warned about at the end. */
  readonly upgradedActions: Set<string>;
  status: JobResult["conclusion"];
}

/** Adds a folder before `PATH`; a folder that was added before moves to the front. */
export function addSearchPath(job: JobState, folder: string): void {
  const known = job.searchPath.indexOf(folder);
  if (known >= 0) job.searchPath.splice(known, 1);
  job.searchPath.push(folder);
}

/** A failed step fails the job; a cancelled job stays cancelled. */
export function recordFailure(job: JobState): void {
  if (job.status === "success") job.status = "failure";
}
