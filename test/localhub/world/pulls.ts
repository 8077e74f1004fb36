/** Pull requests and their reviews. */
import type { Account } from "./identity.ts";
import type { Repository } from "./repository.ts";

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
  /** `undefined` until the test merge of head into base has been tried. */
  mergeable: boolean | undefined;
  readonly reviews: Review[];
  readonly requestedReviewers: Set<Account>;
}

export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";

export interface Review {
  readonly id: number;
  readonly author: Account;
  body: string;
  state: ReviewState;
  /** The commit the reviewer saw. */
  readonly commitId: string;
  submittedAt: Date | undefined;
}
