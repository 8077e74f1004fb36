/** What GitHub Actions keeps about a repository: workflows, runs, jobs, artifacts, caches, runners. */
import type { Commit } from "../git/git.ts";
import type { Annotation, CheckRun, CheckStatus, CheckSuite, Conclusion } from "./checks.ts";
import type { Account, Permissions } from "./identity.ts";
import type { Repository } from "./repository.ts";
import type { Settings } from "./settings.ts";

export interface ActionsState {
  readonly workflows: Map<number, Workflow>;
  readonly runs: Map<number, WorkflowRun>;
  readonly jobs: Map<number, Job>;
  readonly artifacts: Map<number, Artifact>;
  readonly caches: Map<number, CacheEntry>;
  readonly runners: Map<number, Runner>;
  readonly runnerGroups: Map<number, RunnerGroup>;
  readonly concurrencyGroups: Map<string, ConcurrencyGroup>;
  readonly secrets: Settings;
  readonly variables: Settings;
  /** What `GITHUB_TOKEN` gets where a workflow has no `permissions:`. */
  defaultPermissions: "read" | "write";
  /** Whether `GITHUB_TOKEN` may approve pull requests. */
  canApprovePullRequests: boolean;
}

export interface Workflow {
  readonly id: number;
  readonly path: string;
  name: string;
  state: "active" | "disabled_manually" | "deleted";
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface WorkflowRun {
  readonly id: number;
  readonly repository: Repository;
  readonly workflow: Workflow;
  readonly runNumber: number;
  readonly event: string;
  /** The webhook payload that became `github.event`. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** `github.ref`, for example `refs/pull/7/merge`. */
  readonly ref: string;
  /** `github.sha`: the commit the workflow file and the checkout come from. */
  readonly sha: string;
  /** The commit the run reports to: the pull request's head, not the test merge. */
  readonly headSha: string;
  /** The commit of `headSha`, kept because replies and payloads carry it. */
  readonly headCommit: Commit | undefined;
  readonly headBranch: string | null;
  readonly headRepository: Repository | undefined;
  readonly actor: Account;
  readonly pulls: readonly number[];
  displayTitle: string;
  readonly createdAt: Date;
  /** Oldest first; the last one is current. Re-runs append. */
  readonly attempts: RunAttempt[];
  /** Every answer given to a deployment review of this run, over all attempts. */
  readonly approvals: Approval[];
  readonly referencedWorkflows: ReferencedWorkflow[];
}

export interface ReferencedWorkflow {
  /** `owner/repo/.github/workflows/file.yml@ref`. */
  readonly path: string;
  readonly sha: string;
  readonly ref: string;
}

export interface RunAttempt {
  readonly number: number;
  readonly triggeringActor: Account;
  readonly suite: CheckSuite;
  readonly jobs: Job[];
  status: CheckStatus;
  conclusion: Conclusion | null;
  startedAt: Date;
  updatedAt: Date;
  /** Why the attempt could not start (`startup_failure`): each fault of its workflow files, with the place. */
  faults?: readonly string[];
}

export interface Approval {
  readonly state: "approved" | "rejected";
  readonly comment: string;
  readonly user: Account;
  readonly environments: readonly string[];
}

export interface Job {
  readonly id: number;
  readonly run: WorkflowRun;
  readonly attempt: number;
  /** The key under `jobs:`; for jobs of a called workflow `caller / callee`. */
  readonly key: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly runnerGroup: string | undefined;
  readonly environment: string | undefined;
  readonly permissions: Permissions;
  /** The reusable workflow the job is defined in; absent for jobs of the run's own file. */
  readonly calledWorkflow?: ReferencedWorkflow | undefined;
  readonly checkRun: CheckRun;
  status: CheckStatus;
  conclusion: Conclusion | null;
  readonly createdAt: Date;
  startedAt: Date | null;
  completedAt: Date | null;
  runner: Runner | undefined;
  readonly steps: StepRecord[];
  readonly log: LogLine[];
}

export interface StepRecord {
  readonly number: number;
  name: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: "success" | "failure" | "cancelled" | "skipped" | null;
  startedAt: Date | null;
  completedAt: Date | null;
  /** The Markdown the step wrote to its summary file, already masked. */
  summary: string;
  readonly annotations: Annotation[];
}

/** A masked line of a job's log. `step` is the number of the step that wrote it. */
export interface LogLine {
  readonly step: number;
  readonly at: Date;
  readonly text: string;
}

export interface Artifact {
  readonly id: number;
  readonly run: WorkflowRun;
  /** The job that uploaded it. */
  readonly job: Job;
  readonly name: string;
  /** `application/zip`, or the file's own type when it was uploaded without an archive. */
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  /** `sha256:…` of the content. */
  readonly digest: string;
  /** Where the content is on disk. */
  readonly file: string;
  readonly createdAt: Date;
  /** From then on the API answers 410 Gone. */
  readonly expiresAt: Date;
}

export interface CacheEntry {
  readonly id: number;
  readonly key: string;
  /** A hash of the cached paths and the compression: entries of another version are never found. */
  readonly version: string;
  /** The ref whose runs may read it, besides children of the default branch. */
  readonly ref: string;
  /** Bytes. */
  readonly size: number;
  /** Where the content is on disk. */
  readonly file: string;
  readonly createdAt: Date;
  lastAccessedAt: Date;
}

export interface Runner {
  readonly id: number;
  readonly name: string;
  readonly os: "linux" | "macos" | "windows";
  /** What `runs-on` must be a subset of; compared without case. */
  readonly labels: readonly RunnerLabel[];
  readonly group: RunnerGroup;
  /** Leaves the pool after one job. */
  readonly ephemeral: boolean;
  /** GitHub-hosted runners are not listed by the API and there is one for every job that asks. */
  readonly hosted: boolean;
  status: "online" | "offline";
  busy: boolean;
}

export interface RunnerLabel {
  readonly name: string;
  readonly type: "read-only" | "custom";
}

export interface RunnerGroup {
  readonly id: number;
  readonly name: string;
  readonly default: boolean;
  /** Workflow files (`owner/repo/path@ref`) the group is restricted to; `undefined`: all. */
  readonly workflows: readonly string[] | undefined;
}

export interface ConcurrencyGroup {
  readonly name: string;
  /** In order: the holder first, then those that wait. */
  readonly members: ConcurrencyMember[];
  lastAcquiredAt: Date;
}

export interface ConcurrencyMember {
  readonly run: WorkflowRun;
  /** Absent for a lease of the whole run. */
  readonly job: Job | undefined;
  status: "in_progress" | "pending";
}
