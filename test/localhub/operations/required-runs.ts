/** Requirements that are met by deployments and by runs of workflows. */
import type { Repository } from "../world/repository.ts";
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
  return workflows.flatMap(({ path, repositoryId }) => {
    const run = [...repository.actions.runs.values()].findLast(
      (one) => one.headSha === sha && one.workflow.path === path && repositoryId === repository.id,
    );
    const attempt = run?.attempts.at(-1);
    if (attempt?.conclusion === "success") return [];
    const standing = attempt === undefined ? "expected" : attempt.status === "completed" ? "failing" : "pending";
    return [`Required workflow "${path}" is ${standing}.`];
  });
}
