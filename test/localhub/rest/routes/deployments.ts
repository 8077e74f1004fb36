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
    // The description's default for "any" is the word `none`.
    const wanted = Object.entries(query).filter(([name, value]) => FILTERS.has(name) && value !== "none");
    const shown = [...repository.deployments.values()].filter((deployment) =>
      wanted.every(([name, value]) => FILTERS.get(name)?.(deployment) === value),
    );
    return list(shown.reverse(), (deployment) => renderDeployment(world, repository, deployment));
  }),

  route("repos/create-deployment", async ({ world, repository, body, signedIn }) => {
    const given = body as unknown as DeploymentBody;
    const request = {
      ref: given.ref,
      task: given.task,
      autoMerge: given.auto_merge,
      requiredContexts: given.required_contexts,
      payload: given.payload,
      environment: given.environment,
      description: given.description,
      transient: given.transient_environment,
      production: given.production_environment,
    };
    const answer = await requestDeployment(world, repository, request, signedIn);
    return answer.kind === "merged"
      ? accepted({ message: answer.message })
      : created(renderDeployment(world, repository, answer.deployment));
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
    const { world, repository, signedIn } = call;
    const deployment = named(call);
    const given = call.body as unknown as StatusBody;
    const wanted = {
      state: given.state,
      description: given.description,
      environment: given.environment,
      environmentUrl: given.environment_url,
      logUrl: given.log_url ?? given.target_url,
      autoInactive: given.auto_inactive,
    };
    const status = setDeploymentStatus(world, repository, deployment, wanted, signedIn);
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
