/** The port to GitHub deployments, which show people which version was deployed to which environment. */
import type { AnnouncedDeployment } from "./ledger.ts";
import type { DeploymentEnd } from "./next-promotion-step.ts";

export interface Deployments {
  /** Records that a deployment is in progress, unless it is recorded already, or GitHub has made one for this job. */
  announce(deployment: NewDeployment): Promise<AnnouncedDeployment>;
  /**
   * Records how a deployment ended, unless that is recorded already. One that nobody announced can only have succeeded.
   *
   * @param isNew nobody can have recorded it before
   */
  report(deployment: NewDeployment, end: DeploymentEnd, isNew?: boolean): Promise<void>;
}

/** What GitHub shows of promotions, for who compares it with the ledger. */
export interface DeploymentHistory {
  /** The newest of all environments, newest first; of one commit, all. */
  list(commit?: string): Promise<readonly ListedDeployment[]>;
  /** The newest status; null before the first. */
  stateOf(id: number): Promise<string | null>;
  /** One that GitHub made has no plan; `undefined`: there is none. */
  find(id: number): Promise<Pick<ListedDeployment, "id" | "environment" | "commit" | "createdAt"> | undefined>;
}

export interface ListedDeployment {
  readonly id: number;
  /** Digest of its plan. */
  readonly plan: string;
  readonly model: string;
  readonly version: string;
  readonly environment: string;
  readonly commit: string;
  /** UTC, ISO 8601. */
  readonly createdAt: string;
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
