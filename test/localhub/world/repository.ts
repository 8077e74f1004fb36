/**
 * A repository and everything in it that points back at it: pull requests, workflow runs, jobs. These records refer to
 * each other, so they are in one file; in several files, their imports would be circular. Their parts have their own
 * files.
 */
import type { Commit, GitRepository } from "../git/git-repository.ts";
import type {
  CacheEntry,
  EnvironmentApproval,
  LogLine,
  ReferencedWorkflow,
  Runner,
  RunnerGroup,
  StepRecord,
  Workflow,
} from "./actions.ts";
import type { CheckRun, CheckStatus, CheckSuite, CommitStatus, Conclusion } from "./checks.ts";
import type { Deployment, Environment } from "./deployments.ts";
import type { Account, Permissions, Role, Team } from "./identity.ts";
import type { Issue, IssueComment, Label } from "./issues.ts";
import type { NamedValues } from "./named-values.ts";
import type { BranchProtection, MergeQueueEntry, RequiredWorkflow, Ruleset } from "./protection.ts";
import type { PullComparison, Review } from "./pulls.ts";
import type { Attestation, Release } from "./releases.ts";

export interface Repository {
  readonly id: number;
  readonly owner: Account;
  readonly name: string;
  readonly fullName: string;
  readonly private: boolean;
  readonly description: string | null;
  readonly forkOf: Repository | undefined;
  readonly createdAt: Date;
  pushedAt: Date;
  defaultBranch: string;
  readonly git: GitRepository;

  readonly collaborators: Map<Account, Role>;
  readonly teams: Map<Team, Role>;

  /** Issues and pull requests share one sequence of numbers, as on GitHub. A pull request's issue half is here too. */
  nextNumber: number;
  readonly issues: Map<number, Issue>;
  readonly pulls: Map<number, PullRequest>;
  readonly comments: Map<number, IssueComment>;
  readonly labels: Map<string, Label>;

  readonly statuses: CommitStatus[];
  readonly checkSuites: Map<number, CheckSuite>;
  readonly checkRuns: Map<number, CheckRun>;

  readonly protections: Map<string, BranchProtection>;
  readonly rulesets: Map<number, Ruleset>;
  readonly mergeQueue: MergeQueueEntry[];

  /** By name, lower case: GitHub's environment names have no case. */
  readonly environments: Map<string, Environment>;
  readonly deployments: Map<number, Deployment>;
  readonly releases: Map<number, Release>;
  readonly attestations: Attestation[];

  readonly actions: ActionsState;
}

export interface PullRequest {
  readonly id: number;
  readonly number: number;
  readonly base: Repository;
  baseRef: string;
  /** The base branch's commit when the pull request last moved: stale by design, as on GitHub. */
  baseSha: string;
  /** The repository of the head branch: the base repository or a fork; absent once the fork is deleted. */
  readonly head: Repository | undefined;
  readonly headRef: string;
  headSha: string;
  draft: boolean;
  merged: boolean;
  mergedBy: Account | undefined;
  mergedAt: Date | null;
  mergeCommitSha: string | null;
  /** `undefined` until a test merge of head into base has been made. */
  mergeable: boolean | undefined;
  readonly reviews: Review[];
  readonly requestedReviewers: Set<Account>;
  readonly requestedTeams: Set<Team>;
  /** Anyone who may write to the base repository may also push to the head branch of the fork. */
  maintainerCanModify: boolean;
  /** Who pushed the current head. */
  lastPusher: Account;
  /** `undefined` until the two sides have been compared; outdated once either has moved. */
  comparison: PullComparison | undefined;
}

/** What GitHub Actions stores for a repository. */
export interface ActionsState {
  readonly workflows: Map<number, Workflow>;
  readonly runs: Map<number, WorkflowRun>;
  readonly jobs: Map<number, Job>;
  readonly artifacts: Map<number, Artifact>;
  readonly caches: Map<number, CacheEntry>;
  readonly runners: Map<number, Runner>;
  readonly runnerGroups: Map<number, RunnerGroup>;
  readonly concurrencyGroups: Map<string, ConcurrencyGroup>;
  readonly secrets: NamedValues;
  readonly variables: NamedValues;
  /** What `GITHUB_TOKEN` gets where a workflow has no `permissions:`. */
  defaultPermissions: "read" | "write";
  /** Whether `GITHUB_TOKEN` may approve pull requests. */
  canApprovePullRequests: boolean;
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
  /** The commit of `headSha`, stored because replies and payloads contain it. */
  readonly headCommit: Commit | undefined;
  readonly headBranch: string | null;
  readonly headRepository: Repository | undefined;
  readonly actor: Account;
  readonly pulls: readonly number[];
  displayTitle: string;
  readonly createdAt: Date;
  /** Oldest first; the last one is current. Re-runs append. */
  readonly attempts: RunAttempt[];
  /** All deployment reviews of this run, over all attempts. */
  readonly approvals: EnvironmentApproval[];
  readonly referencedWorkflows: ReferencedWorkflow[];
  /** Set when a ruleset requires the workflow: where its file is, which then is not in the commit that is judged. */
  readonly required: RequiredWorkflowFile | undefined;
}

/** `ref` and `sha`: the full ref and the commit that the file was read from. */
export interface RequiredWorkflowFile {
  readonly rule: RequiredWorkflow;
  readonly repository: Repository;
  readonly ref: string;
  readonly sha: string;
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
  /** Why the attempt could not start (`startup_failure`): each error in its workflow files, with its position. */
  workflowErrors?: readonly string[];
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
  /** From then on the API returns 410 Gone. */
  readonly expiresAt: Date;
}

export interface ConcurrencyGroup {
  readonly name: string;
  /** In order: the holder first, then those that wait for it. */
  readonly members: ConcurrencyMember[];
  lastAcquiredAt: Date;
}

export interface ConcurrencyMember {
  readonly run: WorkflowRun;
  /** Absent when the whole run is the member. */
  readonly job: Job | undefined;
  status: "in_progress" | "pending";
}
