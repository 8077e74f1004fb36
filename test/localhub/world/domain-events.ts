/**
 * Everything that can change on the local GitHub, published to listeners: the Actions service starts runs from it, the
 * journal records it. An event refers to records; `events/` turns it into the webhook payload GitHub would send.
 */

import type { CheckRun, CheckSuite, CommitStatus } from "./checks.ts";
import type { Deployment, DeploymentStatus } from "./deployments.ts";
import type { Account, Team } from "./identity.ts";
import type { Issue, IssueComment, Label } from "./issues.ts";
import type { MergeQueueEntry } from "./protection.ts";
import type { Review } from "./pulls.ts";
import type { Release } from "./releases.ts";
import type { Job, PullRequest, Repository, WorkflowRun } from "./repository.ts";
import type { Token } from "./tokens.ts";

/** What was edited, in the form of webhooks: by field, the value before (`{ body: { from: "…" } }`). */
export type FieldChanges = Readonly<Record<string, unknown>>;

export type DomainEventDetails =
  | {
      readonly event: "push";
      readonly ref: string;
      /** Forty zeros when the ref is new. */
      readonly before: string;
      /** Forty zeros when the ref was deleted. */
      readonly after: string;
      readonly forced: boolean;
    }
  | { readonly event: "create" | "delete"; readonly ref: string; readonly refType: "branch" | "tag" }
  | {
      readonly event: "pull_request";
      readonly action: string;
      readonly pull: PullRequest;
      readonly label?: Label;
      /** Of `assigned` and `unassigned`. */
      readonly assignee?: Account;
      /** The person or team the review was requested from, for `review_requested` and `review_request_removed`. */
      readonly requested?: Account | Team;
      /** Why a pull request left the merge queue, for `dequeued`. */
      readonly reason?: string;
      /** The head before and after, for `synchronize`. */
      readonly before?: string;
      readonly after?: string;
      readonly changes?: FieldChanges;
    }
  | {
      readonly event: "pull_request_review";
      readonly action: "submitted" | "edited" | "dismissed";
      readonly pull: PullRequest;
      readonly review: Review;
    }
  | {
      readonly event: "issues";
      readonly action: string;
      readonly issue: Issue;
      readonly label?: Label;
      readonly assignee?: Account;
      readonly changes?: FieldChanges;
    }
  | {
      readonly event: "issue_comment";
      readonly action: "created" | "edited" | "deleted";
      readonly issue: Issue;
      readonly comment: IssueComment;
      readonly changes?: FieldChanges;
    }
  | {
      readonly event: "label";
      readonly action: "created" | "edited" | "deleted";
      readonly label: Label;
      readonly changes?: FieldChanges;
    }
  | { readonly event: "status"; readonly status: CommitStatus }
  | {
      readonly event: "check_run";
      readonly action: "created" | "completed" | "rerequested";
      readonly checkRun: CheckRun;
    }
  | {
      readonly event: "check_suite";
      readonly action: "requested" | "completed" | "rerequested";
      readonly suite: CheckSuite;
    }
  | { readonly event: "deployment"; readonly action: "created"; readonly deployment: Deployment }
  | {
      readonly event: "deployment_status";
      readonly action: "created";
      readonly deployment: Deployment;
      readonly status: DeploymentStatus;
    }
  | { readonly event: "release"; readonly action: string; readonly release: Release; readonly changes?: FieldChanges }
  | {
      readonly event: "merge_group";
      readonly action: "checks_requested" | "destroyed";
      readonly entry: MergeQueueEntry;
      readonly reason?: "merged" | "invalidated" | "dequeued";
    }
  | {
      readonly event: "workflow_run";
      readonly action: "requested" | "in_progress" | "completed";
      readonly run: WorkflowRun;
    }
  | {
      readonly event: "workflow_job";
      readonly action: "queued" | "waiting" | "in_progress" | "completed";
      readonly job: Job;
    };

export type DomainEvent = DomainEventDetails & {
  readonly repository: Repository;
  readonly actor: Account;
  /**
   * The token that caused it. An event caused by a job's `GITHUB_TOKEN` starts no further runs. The exceptions, the two
   * dispatch events, are not published here: they are commands to the Actions service.
   */
  readonly cause: Token | undefined;
};

export type DomainEventListener = (event: DomainEvent) => void;
