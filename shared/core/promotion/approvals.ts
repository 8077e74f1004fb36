/** The port to runs, reviews and protected environments; `adapters/deployments` implements it with GitHub. */

export interface GitHubAccount {
  readonly login: string;
  /** A login can be renamed and registered by somebody else; an id cannot. */
  readonly id: number;
  /** `User`, `Bot`, `Organization`, … */
  readonly type: string;
}

export interface WorkflowRun {
  readonly id: number;
  readonly attempt: number;
  readonly status: string;
  readonly event: string;
  readonly headBranch: string | null;
  /** UTC, ISO 8601; of one that has ended: about its end. */
  readonly updatedAt: string;
  /** Who started the first attempt. */
  readonly actor: GitHubAccount;
  /** Who started this attempt. */
  readonly triggeringActor: GitHubAccount;
}

/** One review of a waiting run. GitHub reports neither its time nor the attempt it was for. */
export interface DeploymentReview {
  readonly state: string;
  readonly comment: string;
  readonly environments: readonly { readonly id: number; readonly name: string }[];
  readonly user: GitHubAccount;
}

/** The protection of a GitHub environment. */
export interface EnvironmentProtection {
  readonly id: number;
  readonly name: string;
  readonly reviewers: readonly { readonly type: string; readonly id: number; readonly login: string }[];
  /** Whether GitHub lets nobody approve a run that they started. */
  readonly preventsSelfReview: boolean;
}

export interface Approvals {
  readonly defaultBranch: () => Promise<string>;
  readonly run: (id: number) => Promise<WorkflowRun>;
  /** Whether this attempt of a run has ended, so that it can write nothing any more; also true for a deleted run. */
  readonly hasEnded: (run: { readonly id: number; readonly attempt: number }) => Promise<boolean>;
  readonly reviews: (run: number) => Promise<readonly DeploymentReview[]>;
  /**
   * Whether somebody is in a team now; `undefined` when the token may not see it.
   * @param team its slug
   */
  readonly isTeamMember: (team: string, login: string) => Promise<boolean | undefined>;
  /** `undefined` when there is no such environment. */
  readonly environment: (name: string) => Promise<EnvironmentProtection | undefined>;
}
