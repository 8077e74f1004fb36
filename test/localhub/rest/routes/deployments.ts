/** Deployments and their statuses. */
import { requestDeployment } from "../../operations/deployments/deployment-requests.ts";
import { deleteDeployment, deploymentById, setDeploymentStatus } from "../../operations/deployments/deployments.ts";
import { renderDeployment, renderDeploymentStatus } from "../../render/deployments.ts";
import { notFound } from "../../world/api-error.ts";
import type { Deployment, DeploymentState } from "../../world/deployments.ts";
import { accepted, type Call, created, list, noContent, ok, type Route, route } from "../route.ts";

interface DeploymentBody {
  readonly ref: string;
  readonly task?: string;
  readonly auto_merge?: boolean;
  readonly required_contexts?: readonly string[];
  readonly payload?: unknown;
  readonly environment?: string;
  readonly description?: string | null;
  readonly transient_environment?: boolean;
  readonly production_environment?: boolean;
}

interface StatusBody {
  readonly state: DeploymentState;
  readonly target_url?: string;
  readonly log_url?: string;
  readonly description?: string;
  readonly environment?: string;
  readonly environment_url?: string;
  readonly auto_inactive?: boolean;
}

export const deploymentRoutes: readonly Route[] = [
  route("repos/list-deployments", async ({ world, repository, query }) => {
    // The description's default, `none`, means "any".
    const filters = Object.entries(query).filter(([name, value]) => FILTERS.has(name) && value !== "none");
    const shown = [...repository.deployments.values()].filter((deployment) =>
      filters.every(([name, value]) => FILTERS.get(name)?.(deployment) === value),
    );
    return list(shown.reverse(), (deployment) => renderDeployment(world, repository, deployment));
  }),

  route("repos/create-deployment", async ({ world, repository, body, requiredCaller: caller }) => {
    const fields = body as unknown as DeploymentBody;
    const request = {
      ref: fields.ref,
      task: fields.task,
      autoMerge: fields.auto_merge,
      requiredContexts: fields.required_contexts,
      payload: fields.payload,
      environment: fields.environment,
      description: fields.description,
      transient: fields.transient_environment,
      production: fields.production_environment,
    };
    const result = await requestDeployment(world, repository, request, caller);
    return result.kind === "merged"
      ? accepted({ message: result.message })
      : created(renderDeployment(world, repository, result.deployment));
  }),

  route("repos/get-deployment", (call) => ok(renderDeployment(call.world, call.repository, named(call)))),

  route("repos/delete-deployment", (call) => {
    deleteDeployment(call.repository, named(call));
    return noContent;
  }),

  route("repos/list-deployment-statuses", (call) => {
    const { world, repository } = call;
    const deployment = named(call);
    return list(deployment.statuses.toReversed(), (status) =>
      renderDeploymentStatus(world, repository, deployment, status),
    );
  }),

  route("repos/create-deployment-status", (call) => {
    const { world, repository, requiredCaller: caller } = call;
    const deployment = named(call);
    const fields = call.body as unknown as StatusBody;
    const input = {
      state: fields.state,
      description: fields.description,
      environment: fields.environment,
      environmentUrl: fields.environment_url,
      logUrl: fields.log_url ?? fields.target_url,
      autoInactive: fields.auto_inactive,
    };
    const status = setDeploymentStatus(world, repository, deployment, input, caller);
    return created(renderDeploymentStatus(world, repository, deployment, status));
  }),

  route("repos/get-deployment-status", (call) => {
    const deployment = named(call);
    const status = deployment.statuses.find(({ id }) => id === Number(call.path["status_id"]));
    if (status === undefined) throw notFound();
    return ok(renderDeploymentStatus(call.world, call.repository, deployment, status));
  }),
];

const FILTERS: ReadonlyMap<string, (deployment: Deployment) => string> = new Map([
  ["sha", ({ sha }: Deployment) => sha],
  ["ref", ({ ref }: Deployment) => ref],
  ["task", ({ task }: Deployment) => task],
  ["environment", ({ environment }: Deployment) => environment],
]);

const named = ({ repository, path }: Call): Deployment => deploymentById(repository, Number(path["deployment_id"]));
