/** The stage: who and what is there before anybody acts. */
import type { RateLimits } from "../rest/callers/rate-limits.ts";
import type { Timing } from "../runner/timing.ts";
import type { Role } from "../world/identity.ts";
import type { ProfileName } from "../world/profile.ts";

export interface LocalGitHubOptions {
  /** `owner/name` of the first repository; `octo/model` unless given. */
  readonly repository?: string;
  readonly private?: boolean;
  /** The first commit of the default branch `main`. */
  readonly files?: Readonly<Record<string, string>>;
  /** A folder on disk: a git repository (its history and branches come along) or any folder (its files are committed). */
  readonly directory?: string;
  /** Who may do what, besides the owner, who may do everything. */
  readonly people?: Readonly<Record<string, Role>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly environments?: Readonly<Record<string, EnvironmentOptions>>;
  /** Branch protection by branch name. */
  readonly protect?: Readonly<Record<string, ProtectionOptions>>;
  /** Self-hosted runners; GitHub-hosted ones are there for every job that asks. */
  readonly runners?: readonly RunnerOptions[];
  /** What `GITHUB_TOKEN` gets where a workflow names no permissions. */
  readonly defaultPermissions?: "read" | "write";
  /** Lets `GITHUB_TOKEN` open and approve pull requests; off on GitHub unless somebody switched it on. */
  readonly tokenMayOpenPullRequests?: boolean;
  readonly profile?: ProfileName;
  /** Changes to GitHub's rate limits, or none at all, for load tests. */
  readonly limits?: Partial<RateLimits> | "off";
  /** The runner's patience with processes; GitHub's own unless given. */
  readonly timing?: Partial<Timing>;
  /** A fixed port for people; a free one unless given. */
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
  /** The head must hold the base branch's newest commits. */
  readonly strict?: boolean;
  /** Administrators are held to it too. */
  readonly enforceAdmins?: boolean;
}

export interface RunnerOptions {
  readonly name: string;
  readonly labels?: readonly string[];
  readonly ephemeral?: boolean;
  readonly status?: "online" | "offline";
}
