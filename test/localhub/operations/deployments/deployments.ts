/**
 * Deployments and their statuses: the record of what was put where. `deployment-requests.ts` has the further rules for
 * those asked for over the REST API. A deployment is never proof that an environment's protection was passed.
 */

import { invalid, notFound, validationFailed } from "../../world/api-error.ts";
import { appOf, type Caller } from "../../world/caller.ts";
import type { Deployment, DeploymentState, DeploymentStatus } from "../../world/deployments.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { countCharacters, tooLong } from "../conversations/text-limits.ts";
import { ensureEnvironment } from "./environments.ts";

/** GitHub docs, "Create a deployment status": characters. */
export const MAX_DEPLOYMENT_STATUS_DESCRIPTION_LENGTH = 140;

export interface NewDeployment {
  readonly sha: string;
  /** As it was asked for: a branch, a tag or a SHA. */
  readonly ref: string;
  readonly environment: string;
  readonly task?: string | undefined;
  readonly payload?: unknown;
  readonly description?: string | null | undefined;
  readonly transient?: boolean | undefined;
  /** Off for the deployments of jobs, whatever their environment is called. */
  readonly production?: boolean | undefined;
}

/** Records a deployment, and its environment when that is new. */
export function openDeployment(world: World, repository: Repository, wanted: NewDeployment, caller: Caller) {
  const environment = ensureEnvironment(world, repository, wanted.environment);
  const now = world.clock.now();
  const deployment: Deployment = {
    id: world.nextId(),
    sha: wanted.sha,
    ref: wanted.ref,
    task: wanted.task ?? "deploy",
    payload: wanted.payload ?? {},
    environment: environment.name,
    description: wanted.description ?? null,
    creator: caller.actor,
    app: appOf(caller),
    transient: wanted.transient ?? false,
    production: wanted.production ?? false,
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.set(deployment.id, deployment);
  world.publish({
    event: "deployment",
    action: "created",
    deployment,
    repository,
    actor: caller.actor,
    cause: caller.token,
  });
  return deployment;
}

export interface NewDeploymentStatus {
  readonly state: DeploymentState;
  readonly description?: string | undefined;
  /** That of the status before, or the deployment's, where absent. */
  readonly environment?: string | undefined;
  readonly environmentUrl?: string | undefined;
  readonly logUrl?: string | undefined;
  /** A success makes earlier deployments of the environment inactive; on unless switched off. */
  readonly autoInactive?: boolean | undefined;
}

/** @throws Refusal 422 for a description that is too long. */
export function setDeploymentStatus(
  world: World,
  repository: Repository,
  deployment: Deployment,
  wanted: NewDeploymentStatus,
  caller: Caller,
): DeploymentStatus {
  if (countCharacters(wanted.description ?? "") > MAX_DEPLOYMENT_STATUS_DESCRIPTION_LENGTH) {
    throw validationFailed(tooLong("DeploymentStatus", "description", MAX_DEPLOYMENT_STATUS_DESCRIPTION_LENGTH));
  }
  const status = addStatus(world, repository, deployment, wanted, caller);
  if (wanted.state === "success" && wanted.autoInactive !== false) {
    for (const old of supersededBy(repository, deployment)) {
      addStatus(world, repository, old, { state: "inactive" }, caller);
    }
  }
  return status;
}

/** @throws Refusal 404 */
export function deploymentById(repository: Repository, id: number): Deployment {
  const deployment = repository.deployments.get(id);
  if (deployment === undefined) throw notFound();
  return deployment;
}

/**
 * GitHub docs, "Delete a deployment": the only one can always go; of several, those that got a status other than
 * success since they were made. @throws Refusal 422 otherwise.
 */
export function deleteDeployment(repository: Repository, deployment: Deployment): void {
  const latest = deployment.statuses.at(-1);
  if (repository.deployments.size > 1 && (latest === undefined || latest.state === "success")) {
    throw invalid("We cannot delete an active deployment unless it is the only deployment in a given repository.");
  }
  repository.deployments.delete(deployment.id);
}

/** GitHub docs, "Create a deployment status", `auto_inactive`: neither transient nor production, and successful so far. */
function supersededBy(repository: Repository, deployment: Deployment): readonly Deployment[] {
  return [...repository.deployments.values()].filter(
    (other) =>
      other.id < deployment.id &&
      other.environment.toLowerCase() === deployment.environment.toLowerCase() &&
      !other.transient &&
      !other.production &&
      other.statuses.at(-1)?.state === "success",
  );
}

function addStatus(
  world: World,
  repository: Repository,
  deployment: Deployment,
  wanted: NewDeploymentStatus,
  caller: Caller,
): DeploymentStatus {
  const now = world.clock.now();
  const status: DeploymentStatus = {
    id: world.nextId(),
    state: wanted.state,
    creator: caller.actor,
    app: appOf(caller),
    description: wanted.description ?? "",
    environment: wanted.environment ?? deployment.statuses.at(-1)?.environment ?? deployment.environment,
    environmentUrl: wanted.environmentUrl ?? "",
    logUrl: wanted.logUrl ?? "",
    createdAt: now,
  };
  deployment.statuses.push(status);
  deployment.updatedAt = now;
  world.publish({
    event: "deployment_status",
    action: "created",
    deployment,
    status,
    repository,
    actor: caller.actor,
    cause: caller.token,
  });
  return status;
}
