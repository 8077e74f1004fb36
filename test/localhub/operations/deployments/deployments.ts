/**
 * Deployments and their statuses: the record of what was deployed where. `deployment-requests.ts` has the additional
 * rules for those requested over the REST API. A deployment does not prove that an environment's protection rules were
 * passed.
 */

import { notFound, unprocessable, validationFailed } from "../../world/api-error.ts";
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
  /** As requested: a branch, a tag or a SHA. */
  readonly ref: string;
  readonly environment: string;
  readonly task?: string | undefined;
  readonly payload?: unknown;
  readonly description?: string | null | undefined;
  readonly transient?: boolean | undefined;
  /** False for the deployments of jobs, whatever the name of their environment. */
  readonly production?: boolean | undefined;
}

/** Records a deployment, and its environment when that is new. */
export function openDeployment(world: World, repository: Repository, input: NewDeployment, caller: Caller) {
  const environment = ensureEnvironment(world, repository, input.environment);
  const now = world.clock.now();
  const deployment: Deployment = {
    id: world.nextId(),
    sha: input.sha,
    ref: input.ref,
    task: input.task ?? "deploy",
    payload: input.payload ?? {},
    environment: environment.name,
    description: input.description ?? null,
    creator: caller.actor,
    app: appOf(caller),
    transient: input.transient ?? false,
    production: input.production ?? false,
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
  /** By default that of the status before, or the deployment's. */
  readonly environment?: string | undefined;
  readonly environmentUrl?: string | undefined;
  readonly logUrl?: string | undefined;
  /** A success makes earlier deployments of the environment inactive; true by default. */
  readonly autoInactive?: boolean | undefined;
}

/** @throws ApiError 422 for a description that is too long. */
export function setDeploymentStatus(
  world: World,
  repository: Repository,
  deployment: Deployment,
  input: NewDeploymentStatus,
  caller: Caller,
): DeploymentStatus {
  if (countCharacters(input.description ?? "") > MAX_DEPLOYMENT_STATUS_DESCRIPTION_LENGTH) {
    throw validationFailed(tooLong("DeploymentStatus", "description", MAX_DEPLOYMENT_STATUS_DESCRIPTION_LENGTH));
  }
  const status = addStatus(world, repository, deployment, input, caller);
  if (input.state === "success" && input.autoInactive !== false) {
    for (const old of supersededBy(repository, deployment)) {
      addStatus(world, repository, old, { state: "inactive" }, caller);
    }
  }
  return status;
}

/** @throws ApiError 404 */
export function deploymentById(repository: Repository, id: number): Deployment {
  const deployment = repository.deployments.get(id);
  if (deployment === undefined) throw notFound();
  return deployment;
}

/**
 * GitHub docs, "Delete a deployment": the only one can always be deleted; of several, only those whose last status is
 * not a success. @throws ApiError 422 for the others.
 */
export function deleteDeployment(repository: Repository, deployment: Deployment): void {
  const latest = deployment.statuses.at(-1);
  if (repository.deployments.size > 1 && (latest === undefined || latest.state === "success")) {
    throw unprocessable(
      "We cannot delete an active deployment unless it is the only deployment in a given repository.",
    );
  }
  repository.deployments.delete(deployment.id);
}

/**
 * GitHub docs, "Create a deployment status", `auto_inactive`: neither transient nor production, and successful so far.
 */
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
  input: NewDeploymentStatus,
  caller: Caller,
): DeploymentStatus {
  const now = world.clock.now();
  const status: DeploymentStatus = {
    id: world.nextId(),
    state: input.state,
    creator: caller.actor,
    app: appOf(caller),
    description: input.description ?? "",
    environment: input.environment ?? deployment.statuses.at(-1)?.environment ?? deployment.environment,
    environmentUrl: input.environmentUrl ?? "",
    logUrl: input.logUrl ?? "",
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
