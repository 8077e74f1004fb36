/** Deployments that wait for approval, and their reviews. */
import { renderApproval, renderPendingDeployment } from "../../render/approvals.ts";
import { renderDeployment } from "../../render/deployments.ts";
import { ApiError, unprocessable } from "../../world/api-error.ts";
import type { Deployment } from "../../world/deployments.ts";
import type { WorkflowRun } from "../../world/repository.ts";
import { type Call, list, ok, type Route, route } from "../route.ts";
import { runOf } from "./runs.ts";

export const approvalRoutes: readonly Route[] = [
  route("actions/get-reviews-for-run", (call) =>
    list(runOf(call).approvals, (approval) => renderApproval(call.world, call.repository, approval)),
  ),

  route("actions/get-pending-deployments-for-run", (call) => {
    const { world, repository } = call;
    return list(pendingOf(call), (pending) => renderPendingDeployment(world, repository, pending));
  }),

  route("actions/review-pending-deployments-for-run", (call) => {
    const { world, repository, actions, body, requiredCaller: caller } = call;
    const run = runOf(call);
    const ids = body["environment_ids"] as readonly number[];
    const names = pendingOf(call)
      .filter(({ id }) => ids.includes(id))
      .map(({ name }) => name);
    const state = body["state"] === "approved" ? "approved" : "rejected";
    actions.reviewDeployments(run, ids, { state, comment: String(body["comment"]) }, caller);
    return ok(deploymentsTo(run, names).map((deployment) => renderDeployment(world, repository, deployment)));
  }),

  route("actions/review-custom-gates-for-run", (call) => {
    const run = runOf(call);
    if (call.requiredCaller.token?.kind !== "app")
      throw new ApiError(403, "Resource not accessible by personal access token");
    const name = String(call.body["environment_name"]);
    if (!pendingOf(call).some((pending) => pending.name === name))
      throw unprocessable(`No pending deployment of run ${run.id} to the environment ${name}`);
    // Apps review only rules of their own, and no environment of the local GitHub has an app's rule.
    throw unprocessable(`No custom deployment protection rule of this app is enabled for the environment ${name}`);
  }),
];

function pendingOf(call: Call) {
  const { caller, repository, actions } = call;
  const pending = actions.pendingDeployments(runOf(call), caller?.actor ?? repository.owner);
  return caller ? pending : pending.map((one) => ({ ...one, currentUserCanApprove: false }));
}

/** The deployments of the run's jobs to those environments. */
function deploymentsTo(run: WorkflowRun, environments: readonly string[]): readonly Deployment[] {
  const jobs = run.attempts.at(-1)?.jobs ?? [];
  return jobs
    .filter((job) => job.environment !== undefined && environments.includes(job.environment))
    .flatMap((job) => run.repository.deployments.get(job.checkRun.deploymentId ?? Number.NaN) ?? []);
}
