/** Issues, their comments and labels. A pull request is also an issue: comments and labels are kept here for both. */
import type { Account, App } from "./identity.ts";

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
  readonly default: boolean;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly author: Account;
  readonly app: App | undefined;
  isPullRequest: boolean;
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: "completed" | "reopened" | "not_planned" | "duplicate" | null;
  readonly labels: Set<Label>;
  readonly assignees: Set<Account>;
  locked: boolean;
  lockReason: "off-topic" | "too heated" | "resolved" | "spam" | null;
  closedBy: Account | undefined;
  readonly createdAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
}

export interface IssueComment {
  readonly id: number;
  readonly issue: number;
  readonly author: Account;
  /** The app that wrote it (`performed_via_github_app`), when it was written with a job's token or an app token. */
  readonly app: App | undefined;
  body: string;
  readonly createdAt: Date;
  updatedAt: Date;
}
