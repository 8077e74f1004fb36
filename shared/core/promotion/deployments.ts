/** The port to GitHub deployments, which show people which version was deployed to which environment. */
import type { DeploymentEnd } from "./next-promotion-step.ts";

export interface Deployments {
  /** Records that a deployment is in progress, unless it is recorded already. @returns its id */
  announce(deployment: NewDeployment): Promise<number>;
  /**
   * Records how a deployment ended, unless that is recorded already. One that nobody announced can only have succeeded.
   *
   * @param isNew nobody can have recorded it before
   */
  report(deployment: NewDeployment, end: DeploymentEnd, isNew?: boolean): Promise<void>;
}

export interface NewDeployment {
  /** Identifies the deployment: the plan's digest. */
  readonly key: string;
  /** Where it is known. */
  readonly id?: number | undefined;
  readonly environment: string;
  readonly commit: string;
  readonly description: string;
  readonly logUrl: string;
  readonly details: Readonly<Record<string, string>>;
}
