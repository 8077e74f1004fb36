/** The records of a run that is being played: what the world keeps no trace of. */

import type { JobDefinition } from "../../workflow-language/model.ts";
import type { TokenPermissions } from "../../workflow-language/permissions.ts";
import type { Json } from "../../workflow-language/values.ts";
import type { Job, RunAttempt, WorkflowRun } from "../../world/repository.ts";
import type { LoadedWorkflow } from "../files/load-workflow.ts";
import type { RunPrivileges } from "../triggers/run-privileges.ts";
import type { Lease } from "../waiting/concurrency.ts";
import type { StoppedError } from "../waiting/stopped-error.ts";
import type { JobConclusion, JobOutcome } from "./job-graph.ts";

/** One attempt of a run. */
export interface Execution {
  readonly run: WorkflowRun;
  readonly attempt: RunAttempt;
  readonly workflow: LoadedWorkflow;
  readonly privileges: RunPrivileges;
  /** The `inputs` of a dispatch. */
  readonly inputs: Readonly<Record<string, Json>> | null;
  readonly debug: boolean;
  /** Legs of earlier attempts that are kept, by their path. */
  readonly reused: ReadonlyMap<string, FinishedInstance>;
  /** Legs that have ended in this attempt (or were kept), by their path: what a re-run chooses from. */
  readonly finished: Map<string, FinishedInstance>;
  /** Legs that have begun and not ended. */
  readonly active: Set<JobInstance>;
  /** Jobs whose failure does not count. */
  readonly continueOnErrorJobs: Set<Job>;
  /** Stops the wait for the run's own concurrency group. */
  readonly queueAbort: AbortController;
  /** Its `workflow_run.in_progress` was announced. */
  announcedInProgress: boolean;
  cancelled: boolean;
  forced: boolean;
  readonly done: PromiseWithResolvers<void>;
}

export interface FinishedInstance extends JobOutcome {
  /** What the job itself ended with; `result` is what `continue-on-error` makes of it. */
  readonly conclusion: JobConclusion;
  readonly job: Job;
}

/** How a leg ended. `played`: not all of it was kept from an earlier attempt. */
export interface InstanceOutcome extends JobOutcome {
  readonly executed: boolean;
}

/** A workflow file at work: the run's own, or one that a job of the run calls. */
export interface CallFrame {
  readonly workflow: LoadedWorkflow;
  readonly inputs: Readonly<Record<string, Json>> | null;
  readonly secrets: Readonly<Record<string, string>>;
  /** What the calling job's token has; absent for the run's own file. */
  readonly permissions: TokenPermissions | undefined;
  /** Display names of the calling jobs, outermost first. */
  readonly names: readonly string[];
  /** Keys of the calling jobs, outermost first. */
  readonly keys: readonly string[];
  /** The path of the calling leg. */
  readonly path: string | undefined;
  readonly parent: CallFrame | undefined;
  /** The leases the frame's jobs stand under. */
  readonly leases: readonly Lease[];
  /** By key, lower case. */
  readonly nodes: ReadonlyMap<string, JobNode>;
  /** Nothing in here is kept from an earlier attempt. */
  readonly mustRerun: boolean;
  /** The legs of the matrix the calling job belongs to were given up. */
  cancelled: boolean;
}

/** A job of a workflow file, over all its legs. */
export interface JobNode {
  readonly definition: JobDefinition;
  readonly done: PromiseWithResolvers<void>;
  result: JobConclusion;
  outputs: Readonly<Record<string, string>>;
  /** Something of it was played anew in this attempt, so what depends on it is as well. */
  executed: boolean;
}

/** One job of the matrix of a job, or the only one. */
export interface JobInstance {
  readonly frame: CallFrame;
  readonly node: JobNode;
  readonly matrix: Readonly<Record<string, Json>> | null;
  readonly strategy: Readonly<Record<string, Json>>;
  /** Names the leg across attempts: keys of the calls, key, matrix values. */
  readonly path: string;
  readonly name: string;
  /** Ends the leg, waiting or running: what is running may still clean up. */
  readonly stop: AbortController;
  /** Ends what is running at once. */
  readonly kill: AbortController;
}

export function stopInstance(leg: JobInstance, reason: StoppedError): void {
  leg.stop.abort(reason);
  if (reason.forced) leg.kill.abort(reason);
}

export function isCancelled(execution: Execution, frame: CallFrame | undefined): boolean {
  if (frame === undefined) return execution.cancelled;
  return frame.cancelled || isCancelled(execution, frame.parent);
}
