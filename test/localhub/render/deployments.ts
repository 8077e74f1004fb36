/** Deployments and their statuses in REST replies. */
import type { components } from "@octokit/openapi-types";
import type { Deployment, DeploymentStatus } from "../world/deployments.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { renderApp } from "./app.ts";
import { nodeId } from "./node-id.ts";
import { timestamp } from "./timestamp.ts";
import { repositoryApiUrl } from "./urls.ts";

type Schemas = components["schemas"];

export function renderDeployment(world: World, repository: Repository, deployment: Deployment) {
  return {
    ...renderDeploymentSummary(world, repository, deployment),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload as Schemas["deployment"]["payload"],
    creator: renderAccount(world, deployment.creator),
  } satisfies Schemas["deployment"];
}

/** The deployment inside a check run. */
export function renderDeploymentSummary(world: World, repository: Repository, deployment: Deployment) {
  const latest = deployment.statuses.at(-1);
  const url = deploymentApi(world, repository, deployment);
  return {
    url,
    id: deployment.id,
    node_id: nodeId("deployment", deployment.id, repository.id),
    task: deployment.task,
    original_environment: deployment.environment,
    // A status may move a deployment to another environment.
    environment: latest?.environment ?? deployment.environment,
    description: deployment.description,
    created_at: timestamp(deployment.createdAt),
    updated_at: timestamp(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: repositoryApiUrl(world, repository),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: deployment.app ? renderApp(world, deployment.app) : null,
  } satisfies Schemas["deployment-simple"];
}

export function renderDeploymentStatus(
  world: World,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
) {
  const deploymentUrl = deploymentApi(world, repository, deployment);
  return {
    url: `${deploymentUrl}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("deployment-status", status.id, repository.id),
    state: status.state,
    creator: renderAccount(world, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: timestamp(status.createdAt),
    updated_at: timestamp(status.createdAt),
    deployment_url: deploymentUrl,
    repository_url: repositoryApiUrl(world, repository),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: status.app ? renderApp(world, status.app) : null,
  } satisfies Schemas["deployment-status"];
}

const deploymentApi = (world: World, repository: Repository, deployment: Deployment): string =>
  repositoryApiUrl(world, repository, `deployments/${deployment.id}`);
