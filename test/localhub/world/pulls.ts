/** The parts of a pull request: the comparison of its two sides, and its reviews. */
import type { FileChange } from "../git/git-repository.ts";
import type { Account } from "./identity.ts";

/** git's comparison of the two sides of a pull request, for one pair of commits. */
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
  /** Comments on lines of the diff; each starts a conversation. */
  readonly comments: readonly ReviewComment[];
}

export interface ReviewComment {
  readonly id: number;
  readonly path: string;
  readonly line: number | null;
  readonly body: string;
}
