/**
 * The port of the Actions service: what the REST face and the library surface may ask of it. Runs that start from
 * events need no call here: the service listens to the world's happenings.
 */

import type { Runner, Workflow } from "../world/actions.ts";
import type { Caller } from "../world/caller.ts";
import type { Account } from "../world/identity.ts";
import type { Job, Repository, WorkflowRun } from "../world/repository.ts";

export interface ActionsService {
  /** Reads the workflow files of the default branch (and of refs that ran) into `repository.actions.workflows`. */
  refreshWorkflows(repository: Repository): Promise<void>;
  /** @throws Refusal 404/422 as GitHub does for an unknown ref, a missing trigger, or inputs that do not fit. */
  dispatch(request: DispatchRequest): Promise<WorkflowRun>;
  repositoryDispatch(request: RepositoryDispatchRequest): Promise<void>;
  /** Plays the schedule: starts every workflow of the default branch that has this cron line. */
  schedule(repository: Repository, cron: string): Promise<readonly WorkflowRun[]>;

  /** Jobs whose `if` still holds (`always()`) go on. @throws Refusal 409 for a run that has ended. */
  cancel(run: WorkflowRun, caller: Caller): void;
  /** Ends every job at once, whatever its `if` says. @throws Refusal 409 for a run that has ended. */
  forceCancel(run: WorkflowRun, caller: Caller): void;
  /**
   * Starts a new attempt of all jobs, of the failed ones and their dependents, or of one job and its dependents.
   * @throws Refusal 403 for a run that is at work, too old, re-run too often, or never could start.
   */
  rerun(run: WorkflowRun, which: "all" | "failed" | Job, caller: Caller, debug: boolean): Promise<void>;

  /** The environments the run waits for, and whether `account` may answer. */
  pendingDeployments(run: WorkflowRun, account: Account): readonly PendingDeployment[];
  /** @throws Refusal 422 when the caller may not answer for one of the environments. */
  reviewDeployments(run: WorkflowRun, environments: readonly number[], answer: ReviewDecision, caller: Caller): void;
  /**
   * An administrator's bypass: lets the waiting jobs in without approval and before their timers have run out.
   * @throws Refusal 403 for others, and where an environment does not allow it; 422 where nothing waits.
   */
  bypassProtectionRules(run: WorkflowRun, environments: readonly number[], caller: Caller): void;

  /** A new runner, or one that came back online: queued jobs are offered to it. */
  offerRunner(repository: Repository, runner: Runner): void;
  /**
   * Resolves when no run of the repository has anything left to do but wait for people, timers or runners.
   * @throws AggregateError with what went wrong in the service itself.
   */
  waitUntilIdle(repository: Repository): Promise<void>;
  /** Resolves when the run has completed. */
  waitUntilCompleted(run: WorkflowRun): Promise<void>;
  /** Kills every job. */
  stop(): Promise<void>;
}

export interface DispatchRequest {
  readonly repository: Repository;
  readonly workflow: Workflow;
  /** Branch or tag, short or full. */
  readonly ref: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
}

export interface RepositoryDispatchRequest {
  readonly repository: Repository;
  readonly eventType: string;
  readonly clientPayload: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
}

export interface PendingDeployment {
  readonly id: number;
  readonly name: string;
  readonly waitTimer: number;
  readonly waitTimerStartedAt: Date | null;
  readonly currentUserCanApprove: boolean;
}

export interface ReviewDecision {
  readonly state: "approved" | "rejected";
  readonly comment: string;
}
