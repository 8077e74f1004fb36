/** The initial state of a local GitHub. */
import type { RateLimits } from "../rest/callers/rate-limits.ts";
import type { Timing } from "../runner/timing.ts";
import type { Role } from "../world/identity.ts";
import type { ProfileName } from "../world/profile.ts";

export interface LocalGitHubOptions {
  /** `owner/name` of the first repository; `octo/model` by default. */
  readonly repository?: string;
  readonly private?: boolean;
  /** The first commit of the default branch `main`. */
  readonly files?: Readonly<Record<string, string>>;
  /** A folder on disk: a git repository (with its history and branches) or any folder (its files are committed). */
  readonly directory?: string;
  /** Users and their roles, besides the owner, who may do everything. */
  readonly people?: Readonly<Record<string, Role>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly environments?: Readonly<Record<string, EnvironmentOptions>>;
  /** Branch protection by branch name. */
  readonly protect?: Readonly<Record<string, ProtectionOptions>>;
  /** Self-hosted runners; GitHub-hosted ones are created for every job that needs one. */
  readonly runners?: readonly RunnerOptions[];
  /** Permissions of `GITHUB_TOKEN` where a workflow sets none. */
  readonly defaultPermissions?: "read" | "write";
  /** Lets `GITHUB_TOKEN` open and approve pull requests; off by default on GitHub. */
  readonly tokenMayOpenPullRequests?: boolean;
  readonly profile?: ProfileName;
  /** Changes to GitHub's rate limits, or none at all, for load tests. */
  readonly limits?: Partial<RateLimits> | "off";
  /** The runner's grace periods for processes; GitHub's own by default. */
  readonly timing?: Partial<Timing>;
  /** A fixed port; a free one by default. */
  readonly port?: number;
}

export interface EnvironmentOptions {
  /** Logins, or `organization/team`. */
  readonly reviewers?: readonly string[];
  readonly preventSelfReview?: boolean;
  /** Minutes. */
  readonly waitTimer?: number;
  /** `"protected"`, or patterns of branches that may deploy. */
  readonly branches?: "protected" | readonly string[];
  readonly adminsCanBypass?: boolean;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface ProtectionOptions {
  /** Names of required checks. */
  readonly checks?: readonly string[];
  /** How many approving reviews. */
  readonly reviews?: number;
  /** The head must contain the base branch's newest commits. */
  readonly strict?: boolean;
  /** The rules apply to administrators too. */
  readonly enforceAdmins?: boolean;
}

export interface RunnerOptions {
  readonly name: string;
  readonly labels?: readonly string[];
  readonly ephemeral?: boolean;
  readonly status?: "online" | "offline";
}
