/** The port to GitHub deployments, which show people which version was deployed to which environment. */
export interface Deployments {
  /** Records a deployment and its success unless they are recorded already. */
  record(deployment: NewDeployment): Promise<void>;
}

export interface NewDeployment {
  /** Identifies the deployment: the plan's digest. */
  readonly key: string;
  readonly environment: string;
  readonly commit: string;
  readonly description: string;
  readonly logUrl: string;
  readonly details: Readonly<Record<string, string>>;
}
