/** The port to GitHub deployments, which show people which version was deployed to which environment. */
import type { DeploymentEnd } from "./next-promotion-step.ts";

export interface Deployments {
  /** Records that a deployment is in progress, unless it is recorded already. */
  announce(deployment: NewDeployment): Promise<void>;
  /** Records how a deployment ended, unless that is recorded already. One that nobody announced can only have succeeded. */
  report(deployment: NewDeployment, end: DeploymentEnd): Promise<void>;
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
