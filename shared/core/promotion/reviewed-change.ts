/** The port to the pull request that asked for a promotion, and its reviews; `adapters/deployments` implements it with GitHub. */
import type { GitHubAccount } from "./approvals.ts";

export interface ReviewedChange {
  readonly number: number;
  readonly url: string;
  readonly author: GitHubAccount;
  /** Authors and committers of its commits; `undefined`: GitHub knows no account for one, who may be anybody. */
  readonly writers: readonly (GitHubAccount | undefined)[];
  /** The commit that could be reviewed last. */
  readonly head: string;
  /** UTC, ISO 8601. */
  readonly mergedAt: string;
  /** Paths of all files that it changes, under their new and their old names. */
  readonly files: readonly string[];
  /** Oldest first. */
  readonly reviews: readonly PullRequestReview[];
}

export interface PullRequestReview {
  /** As GitHub calls it: `APPROVED`, `CHANGES_REQUESTED`, `DISMISSED`, `COMMENTED`. */
  readonly state: string;
  readonly user: GitHubAccount;
  /** What was reviewed; `undefined`: GitHub does not know any more. */
  readonly commit: string | undefined;
  readonly submittedAt: string | undefined;
  readonly body: string;
}

export interface ReviewedChanges {
  /** The pull request whose merge is this commit of the default branch; `undefined`: there is none. */
  readonly mergedAs: (commit: string) => Promise<ReviewedChange | undefined>;
  /** Text of a file at a commit; `undefined`: there is none. */
  readonly readFile: (commit: string, path: string) => Promise<string | undefined>;
}
