/** Environments with their protection rules, and deployments to them. */
import type { Account, App, Team } from "./identity.ts";
import type { NamedValues } from "./named-values.ts";

export interface Environment {
  readonly id: number;
  readonly name: string;
  /** People and teams, one of which must approve; GitHub allows six. */
  reviewers: readonly (Account | Team)[];
  /** The person who started the run may not approve it. */
  preventSelfReview: boolean;
  /** Minutes to wait before a job may start, 0 to 43,200. */
  waitTimer: number;
  /** `undefined`: any ref may deploy. */
  branchPolicy: BranchPolicy | undefined;
  adminsCanBypass: boolean;
  /** The ids of its protection rules, whether they are switched on or not. */
  readonly ruleIds: { readonly waitTimer: number; readonly reviewers: number; readonly branchPolicy: number };
  readonly secrets: NamedValues;
  readonly variables: NamedValues;
  readonly createdAt: Date;
  updatedAt: Date;
}

export type BranchPolicy =
  | { readonly kind: "protected-branches" }
  | { readonly kind: "custom"; readonly patterns: readonly BranchPattern[] };

export interface BranchPattern {
  readonly id: number;
  readonly name: string;
  readonly type: "branch" | "tag";
}

export type DeploymentState = "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success";

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly environment: string;
  readonly description: string | null;
  readonly creator: Account;
  readonly app: App | undefined;
  readonly transient: boolean;
  readonly production: boolean;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly statuses: DeploymentStatus[];
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: DeploymentState;
  readonly creator: Account;
  readonly app: App | undefined;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: Date;
}
