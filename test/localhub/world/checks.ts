/** Commit statuses, check suites and check runs: the results reported for a commit. */
import type { Account, App } from "./identity.ts";

export type StatusState = "error" | "failure" | "pending" | "success";

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: StatusState;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Account;
  readonly createdAt: Date;
}

export type CheckStatus = "queued" | "in_progress" | "completed" | "waiting" | "requested" | "pending";
export type Conclusion =
  | "success"
  | "failure"
  | "neutral"
  | "cancelled"
  | "skipped"
  | "timed_out"
  | "action_required"
  | "startup_failure"
  | "stale";

export interface CheckSuite {
  readonly id: number;
  readonly app: App;
  readonly headSha: string;
  readonly headBranch: string | null;
  /** The commit the branch was at before the push that brought `headSha`; forty zeros when there was none. */
  readonly before: string;
  readonly createdAt: Date;
  updatedAt: Date;
  status: CheckStatus;
  conclusion: Conclusion | null;
  /** The workflow run the suite belongs to, for suites of GitHub Actions' own. */
  readonly workflowRunId: number | undefined;
}

export interface CheckRun {
  readonly id: number;
  readonly suite: CheckSuite;
  name: string;
  readonly headSha: string;
  externalId: string;
  detailsUrl: string | null;
  status: CheckStatus;
  conclusion: Conclusion | null;
  startedAt: Date | null;
  completedAt: Date | null;
  output: CheckOutput;
  readonly annotations: Annotation[];
  actions: readonly CheckAction[];
  /** The job that this check run mirrors; such a run cannot be changed through the REST API. */
  readonly jobId: number | undefined;
  /** The deployment of the job's environment, when it has one. */
  deploymentId: number | undefined;
}

export interface CheckOutput {
  title: string | null;
  summary: string | null;
  text: string | null;
}

export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn: number | null;
  readonly endColumn: number | null;
  readonly level: "notice" | "warning" | "failure";
  readonly title: string | null;
  readonly message: string;
  readonly rawDetails: string | null;
}
