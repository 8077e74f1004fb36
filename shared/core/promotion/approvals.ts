/** Who runs and who approved, as decisions need it; `adapters/deployments` asks GitHub. */

export interface GitHubAccount {
  readonly login: string;
  /** Logins can be renamed and taken over; ids cannot. */
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
  /** Who started the first attempt. */
  readonly actor: GitHubAccount;
  /** Who started this attempt. */
  readonly triggeringActor: GitHubAccount;
}

/** One answer to a run that waited. GitHub tells neither when it was given nor for which attempt. */
export interface DeploymentReview {
  readonly state: string;
  readonly comment: string;
  readonly environments: readonly { readonly id: number; readonly name: string }[];
  readonly user: GitHubAccount;
}

/** What GitHub guards an environment with. */
export interface EnvironmentProtection {
  readonly id: number;
  readonly name: string;
  readonly reviewers: readonly { readonly type: string; readonly id: number; readonly login: string }[];
}

export interface Approvals {
  readonly defaultBranch: () => Promise<string>;
  readonly run: (id: number) => Promise<WorkflowRun>;
  /** Whether this attempt of a run is over, so that nothing of it can write any more; also when the run is gone. */
  readonly hasEnded: (run: { readonly id: number; readonly attempt: number }) => Promise<boolean>;
  readonly reviews: (run: number) => Promise<readonly DeploymentReview[]>;
  /** `undefined` when there is no such environment. */
  readonly environment: (name: string) => Promise<EnvironmentProtection | undefined>;
}
