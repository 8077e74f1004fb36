/** Requirements that are satisfied by deployments and by workflow runs. */
import type { Repository } from "../../world/repository.ts";
import type { RequiredCheckState } from "./required-checks.ts";
import type { RequiredWorkflow } from "./requirements.ts";

/** One sentence for each environment the commit has no active successful deployment in. */
export function missingDeployments(
  repository: Repository,
  environments: readonly string[],
  sha: string,
): readonly string[] {
  const deployed = (environment: string): boolean =>
    [...repository.deployments.values()].some(
      (one) => one.environment === environment && one.sha === sha && one.statuses.at(-1)?.state === "success",
    );
  return environments
    .filter((environment) => !deployed(environment))
    .map((environment) => `Missing successful active ${environment} deployment.`);
}

/** One sentence for each workflow that has not passed on the commit. */
export function missingWorkflows(
  repository: Repository,
  workflows: readonly RequiredWorkflow[],
  sha: string,
): readonly string[] {
  return workflows
    .map((workflow) => ({ path: workflow.path, state: requiredStateOfWorkflow(repository, workflow, sha) }))
    .filter(({ state }) => state !== "success")
    .map(({ path, state }) => `Required workflow "${path}" is ${state}.`);
}

/** By the newest run of the workflow for the commit. A workflow of another repository is never run here: `expected`. */
export function requiredStateOfWorkflow(
  repository: Repository,
  { path, repositoryId }: RequiredWorkflow,
  sha: string,
): RequiredCheckState {
  const run = [...repository.actions.runs.values()].findLast(
    (one) => one.headSha === sha && one.workflow.path === path && repositoryId === repository.id,
  );
  const attempt = run?.attempts.at(-1);
  if (attempt === undefined) return "expected";
  if (attempt.status !== "completed") return "pending";
  return attempt.conclusion === "success" ? "success" : "failing";
}
