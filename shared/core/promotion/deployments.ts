/** Deployments as decisions need them: what GitHub shows to people about what was put where. */
export interface Deployments {
  /** Records a deployment and its success unless that is recorded already. */
  record(deployment: NewDeployment): Promise<void>;
}

export interface NewDeployment {
  /** What makes it this one and no other: the plan's digest. */
  readonly key: string;
  readonly environment: string;
  readonly commit: string;
  readonly description: string;
  readonly logUrl: string;
  readonly details: Readonly<Record<string, string>>;
}
