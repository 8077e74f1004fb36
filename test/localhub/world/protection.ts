/** What protects a branch: branch protection, rulesets and the merge queue. */
import type { Account, App, Team } from "./identity.ts";

/** A required check: by name, optionally pinned to the app that must report it. */
export interface RequiredCheck {
  readonly context: string;
  readonly appId: number | null;
}

/** The people, teams and apps that an exception or a restriction applies to. */
export interface Allowance {
  readonly users: ReadonlySet<Account>;
  readonly teams: ReadonlySet<Team>;
  readonly apps: ReadonlySet<App>;
}

export interface BranchProtection {
  readonly branch: string;
  /** `undefined`: no required checks. `strict`: the head must be up to date with the base. */
  requiredChecks: { readonly strict: boolean; readonly checks: readonly RequiredCheck[] } | undefined;
  requiredReviews:
    | {
        readonly count: number;
        readonly dismissStale: boolean;
        readonly codeOwners: boolean;
        readonly lastPushApproval: boolean;
        /** Who may dismiss reviews; `undefined`: anyone who may write. */
        readonly dismissal: Allowance | undefined;
        /** Who may merge without the reviews; `undefined`: nobody. */
        readonly bypass: Allowance | undefined;
      }
    | undefined;
  enforceAdmins: boolean;
  linearHistory: boolean;
  allowForcePushes: boolean;
  allowDeletions: boolean;
  conversationResolution: boolean;
  /** Who may push; `undefined`: anyone who may write. */
  restrictions: Allowance | undefined;
  blockCreations: boolean;
  lockBranch: boolean;
  allowForkSyncing: boolean;
}

export type Enforcement = "disabled" | "active" | "evaluate";

export interface Ruleset {
  readonly id: number;
  name: string;
  target: "branch" | "tag" | "push";
  enforcement: Enforcement;
  /** `refs/heads/…` patterns; `~DEFAULT_BRANCH` and `~ALL` as on GitHub. */
  include: readonly string[];
  exclude: readonly string[];
  rules: readonly RulesetRule[];
  bypassActors: readonly BypassActor[];
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface BypassActor {
  readonly actorId: number | null;
  readonly actorType: "Integration" | "OrganizationAdmin" | "RepositoryRole" | "Team" | "DeployKey" | "User";
  readonly bypassMode: "always" | "pull_request" | "exempt";
}

/** A rule in the form of the REST API: the type decides the parameters. */
export interface RulesetRule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A workflow that a ruleset requires: its file is in another repository, or at another ref, than what it judges. */
export interface RequiredWorkflow {
  readonly path: string;
  readonly repositoryId: number;
  /** A branch or tag; `undefined`: the default branch. */
  readonly ref: string | undefined;
  /** The commit of the file; `undefined`: the newest of the ref. */
  readonly sha: string | undefined;
}

export interface MergeQueueEntry {
  readonly pull: number;
  readonly base: string;
  /** `refs/heads/gh-readonly-queue/<base>/pr-<n>-<base sha>`. */
  readonly ref: string;
  readonly headSha: string;
  readonly baseSha: string;
  readonly enqueuedBy: Account;
  readonly enqueuedAt: Date;
  /** When the checks were requested: the time-out is counted from here, and restarts after every rebuild. */
  readonly requestedAt: Date;
}
