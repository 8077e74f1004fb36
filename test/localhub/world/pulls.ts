/** Pull requests and their reviews. */
import type { FileChange } from "../git/git.ts";
import type { Account, Team } from "./identity.ts";
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
  readonly requestedTeams: Set<Team>;
  /** Whoever may write to the base repository may also push to the head branch of the fork. */
  maintainerCanModify: boolean;
  /** Who moved the head to where it is. */
  lastPusher: Account;
  /** `undefined` until the two sides have been compared; stale once either has moved. */
  comparison: PullComparison | undefined;
}

/** What git says about the two sides of a pull request, as of one pair of commits. */
export interface PullComparison {
  /** The base branch's commit that was compared with. */
  readonly base: string;
  readonly head: string;
  /** `undefined` for two histories that have nothing in common. */
  readonly mergeBase: string | undefined;
  /** The test merge (`refs/pull/N/merge`): first parent `base`, second `head`. `undefined` when the two conflict. */
  readonly mergeSha: string | undefined;
  readonly commits: number;
  readonly files: readonly FileChange[];
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
  /** Remarks on lines of the diff; each opens a conversation. */
  readonly comments: readonly ReviewComment[];
}

export interface ReviewComment {
  readonly id: number;
  readonly path: string;
  readonly line: number | null;
  readonly body: string;
}
