/** Workflows, and starting them by hand. */
import { renderWorkflow } from "../../render/actions.ts";
import { repositoryApiUrl, runPageUrl } from "../../render/urls.ts";
import type { Workflow } from "../../world/actions.ts";
import { ApiError, notFound, unprocessable } from "../../world/api-error.ts";
import { type Call, list, noContent, ok, type Route, route } from "../route.ts";

/** The API version from which a dispatch always returns the run it started (GitHub changelog, 2026-02-19). */
const DETAILS_SINCE = "2026-03-10";

export const workflowRoutes: readonly Route[] = [
  route("actions/list-repo-workflows", async (call) => {
    const { world, repository, actions } = call;
    await actions.refreshWorkflows(repository);
    const workflows = [...repository.actions.workflows.values()];
    return list(workflows, (workflow) => renderWorkflow(world, repository, workflow), "workflows");
  }),

  route("actions/get-workflow", async (call) =>
    ok(renderWorkflow(call.world, call.repository, await workflowOf(call))),
  ),

  route("actions/enable-workflow", async (call) => {
    setState(call, await workflowOf(call), "active");
    return noContent;
  }),

  route("actions/disable-workflow", async (call) => {
    setState(call, await workflowOf(call), "disabled_manually");
    return noContent;
  }),

  route("actions/create-workflow-dispatch", async (call) => {
    const { world, repository, actions, body, requiredCaller: caller } = call;
    const inputs = (body["inputs"] ?? {}) as Readonly<Record<string, unknown>>;
    if (body["return_run_details"] !== undefined && !world.profile.dispatchReturnsRun) {
      // Seen on Enterprise Server up to 3.20: cli/cli#12672.
      throw new ApiError(400, 'Invalid request.\n\n"return_run_details" is not a permitted key.');
    }
    if (Object.keys(inputs).length > world.profile.dispatchInputs)
      throw unprocessable(`Invalid request.\n\nNo more than ${world.profile.dispatchInputs} properties are allowed.`);
    const workflow = await workflowOf(call);
    const run = await actions.dispatch({ repository, workflow, ref: String(body["ref"]), inputs, caller });
    const isNew = (call.headers["x-github-api-version"] ?? "") >= DETAILS_SINCE;
    if (!isNew && body["return_run_details"] !== true) return noContent;
    return ok({
      workflow_run_id: run.id,
      run_url: repositoryApiUrl(world, repository, `actions/runs/${run.id}`),
      html_url: runPageUrl(world, repository, run.id),
    });
  }),
];

/** The workflow of `{workflow_id}`: its number or the name of its file. @throws ApiError 404 */
export async function workflowOf({ actions, repository, path }: Call): Promise<Workflow> {
  await actions.refreshWorkflows(repository);
  const idOrFile = path["workflow_id"] ?? "";
  const { workflows } = repository.actions;
  const found =
    workflows.get(Number(idOrFile)) ??
    [...workflows.values()].find((workflow) => workflow.path.split("/").at(-1) === idOrFile);
  if (found === undefined) throw notFound();
  return found;
}

function setState({ world }: Call, workflow: Workflow, state: Workflow["state"]): void {
  workflow.state = state;
  workflow.updatedAt = world.clock.now();
}
