/**
 * The port of the Actions service: what the REST API and the library surface may call. Runs that start from events
 * need no call here: the service subscribes to the world's domain events.
 */

import type { Runner, Workflow } from "../world/actions.ts";
import type { Caller } from "../world/caller.ts";
import type { Account } from "../world/identity.ts";
import type { Job, Repository, WorkflowRun } from "../world/repository.ts";

export interface ActionsService {
  /** Reads the workflow files of the default branch (and of refs that ran) into `repository.actions.workflows`. */
  refreshWorkflows(repository: Repository): Promise<void>;
  /** @throws ApiError 404/422 as GitHub does for an unknown ref, a missing trigger, or invalid inputs. */
  dispatch(request: DispatchRequest): Promise<WorkflowRun>;
  /** What a person fills in to dispatch a workflow of the default branch. */
  dispatchForms(repository: Repository): Promise<readonly DispatchForm[]>;
  repositoryDispatch(request: RepositoryDispatchRequest): Promise<void>;
  /** Runs the schedule: starts every workflow of the default branch that has this cron line. */
  schedule(repository: Repository, cron: string): Promise<readonly WorkflowRun[]>;

  /** Jobs whose `if` is still true (`always()`) continue. @throws ApiError 409 for a run that has ended. */
  cancel(run: WorkflowRun, caller: Caller): void;
  /** Ends every job at once, whatever its `if` says. @throws ApiError 409 for a run that has ended. */
  forceCancel(run: WorkflowRun, caller: Caller): void;
  /**
   * Starts a new attempt of all jobs, of the failed ones and their dependents, or of one job and its dependents.
   * @throws ApiError 403 for a run that is in progress, too old, re-run too often, or could never start.
   */
  rerun(run: WorkflowRun, which: "all" | "failed" | Job, caller: Caller, debug: boolean): Promise<void>;

  /** The environments the run waits for, and whether `account` may review them. */
  pendingDeployments(run: WorkflowRun, account: Account): readonly PendingDeployment[];
  /** @throws ApiError 422 when the caller may not review one of the environments. */
  reviewDeployments(run: WorkflowRun, environments: readonly number[], decision: ReviewDecision, caller: Caller): void;
  /**
   * An administrator's bypass: the waiting jobs continue without approval and before their timers have ended.
   * @throws ApiError 403 for others, and where an environment does not allow it; 422 where nothing waits.
   */
  bypassProtectionRules(run: WorkflowRun, environments: readonly number[], caller: Caller): void;

  /** A new runner, or one that came back online: queued jobs are offered to it. */
  offerRunner(repository: Repository, runner: Runner): void;
  /**
   * Resolves when every run of the repository has ended or waits for people, timers or runners.
   * @throws AggregateError with the errors of the service itself.
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

export interface DispatchForm {
  readonly workflow: Workflow;
  readonly inputs: readonly DispatchInput[];
}

export interface DispatchInput {
  readonly name: string;
  readonly type: "string" | "boolean" | "number" | "choice" | "environment";
  readonly description: string;
  readonly required: boolean;
  /** The default, as text. */
  readonly initial: string;
  /** To choose from, for `choice` and `environment`. */
  readonly options: readonly string[];
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
  /** Why the current user cannot, in words; `undefined` for one who can. */
  readonly refusal?: string | undefined;
  /** Logins of everybody who may, teams as their members. */
  readonly reviewers?: readonly string[];
}

export interface ReviewDecision {
  readonly state: "approved" | "rejected";
  readonly comment: string;
}
