/** The state of a run while it is executed, which is not stored in the world. */

import type { JobDefinition } from "../../workflow-language/model.ts";
import type { TokenPermissions } from "../../workflow-language/permissions.ts";
import type { Json } from "../../workflow-language/values.ts";
import type { Job, RunAttempt, WorkflowRun } from "../../world/repository.ts";
import type { LoadedWorkflow } from "../files/load-workflow.ts";
import type { RunPrivileges } from "../triggers/run-privileges.ts";
import type { Lease } from "../waiting/concurrency.ts";
import type { StoppedError } from "../waiting/stopped-error.ts";
import type { JobConclusion, JobOutcome } from "./job-outcomes.ts";

/** One attempt of a run. */
export interface Execution {
  readonly run: WorkflowRun;
  readonly attempt: RunAttempt;
  readonly workflow: LoadedWorkflow;
  readonly privileges: RunPrivileges;
  /** The `inputs` of a dispatch. */
  readonly inputs: Readonly<Record<string, Json>> | null;
  readonly debug: boolean;
  /** Job instances of earlier attempts whose results are reused, by path. */
  readonly reused: ReadonlyMap<string, FinishedInstance>;
  /** Job instances that ended in this attempt (or were reused), by path: a re-run selects from them. */
  readonly finished: Map<string, FinishedInstance>;
  /** Job instances that have started and not ended. */
  readonly active: Set<JobInstance>;
  /** Jobs whose failure does not fail the run. */
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
  /** The job's own conclusion; `result` is the one after `continue-on-error`. */
  readonly conclusion: JobConclusion;
  readonly job: Job;
}

/** How a job instance ended. `executed`: not all of it was reused from an earlier attempt. */
export interface InstanceOutcome extends JobOutcome {
  readonly executed: boolean;
}

/** A workflow file being executed: the run's own, or one that a job of the run calls. */
export interface CallFrame {
  readonly workflow: LoadedWorkflow;
  readonly inputs: Readonly<Record<string, Json>> | null;
  readonly secrets: Readonly<Record<string, string>>;
  /** Permissions of the calling job's token; absent for the run's own file. */
  readonly permissions: TokenPermissions | undefined;
  /** Display names of the calling jobs, outermost first. */
  readonly names: readonly string[];
  /** Keys of the calling jobs, outermost first. */
  readonly keys: readonly string[];
  /** The path of the calling job instance. */
  readonly path: string | undefined;
  readonly parent: CallFrame | undefined;
  /** The leases held for all jobs of the frame. */
  readonly leases: readonly Lease[];
  /** By key, lower case. */
  readonly nodes: ReadonlyMap<string, JobNode>;
  /** No result in this frame is reused from an earlier attempt. */
  readonly mustRerun: boolean;
  /** The matrix of the calling job was cancelled. */
  cancelled: boolean;
}

/** A job of a workflow file, over all its instances. */
export interface JobNode {
  readonly definition: JobDefinition;
  readonly done: PromiseWithResolvers<void>;
  result: JobConclusion;
  outputs: Readonly<Record<string, string>>;
  /** Part of it was executed in this attempt, so jobs that depend on it must be executed as well. */
  executed: boolean;
}

/** One combination of a job's matrix, or the job itself without a matrix. */
export interface JobInstance {
  readonly frame: CallFrame;
  readonly node: JobNode;
  readonly matrix: Readonly<Record<string, Json>> | null;
  readonly strategy: Readonly<Record<string, Json>>;
  /** Identifies the instance across attempts: keys of the calls, key, matrix values. */
  readonly path: string;
  readonly name: string;
  /** Stops the instance, waiting or running: running steps may still clean up. */
  readonly stop: AbortController;
  /** Kills what is running at once. */
  readonly kill: AbortController;
}

export function stopInstance(instance: JobInstance, reason: StoppedError): void {
  instance.stop.abort(reason);
  if (reason.forced) instance.kill.abort(reason);
}

export function isCancelled(execution: Execution, frame: CallFrame | undefined): boolean {
  if (frame === undefined) return execution.cancelled;
  return frame.cancelled || isCancelled(execution, frame.parent);
}
