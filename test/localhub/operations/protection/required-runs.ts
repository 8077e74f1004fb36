/** Requirements that are satisfied by deployments and by workflow runs. */
import type { RequiredWorkflow } from "../../world/protection.ts";
import type { Repository } from "../../world/repository.ts";
import type { RequiredCheckState } from "./required-checks.ts";

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

/** By the newest run of exactly that file for the commit: one that the commit itself has under the path is another. */
export function requiredStateOfWorkflow(
  repository: Repository,
  rule: RequiredWorkflow,
  sha: string,
): RequiredCheckState {
  const run = [...repository.actions.runs.values()].findLast(
    (one) => one.headSha === sha && one.required !== undefined && isSameFile(one.required.rule, rule),
  );
  const attempt = run?.attempts.at(-1);
  if (attempt === undefined) return "expected";
  if (attempt.status !== "completed") return "pending";
  return attempt.conclusion === "success" ? "success" : "failing";
}

const isSameFile = (one: RequiredWorkflow, other: RequiredWorkflow): boolean =>
  one.path === other.path && one.repositoryId === other.repositoryId && one.ref === other.ref && one.sha === other.sha;
