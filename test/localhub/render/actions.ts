/** Workflows, their runs and jobs in REST replies and in the `workflow_run` and `workflow_job` payloads. */
import type { components } from "@octokit/openapi-types";
import type { Workflow } from "../world/actions.ts";
import type { Job, Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { nodeId } from "./node-id.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import { escapedPath, jobPageUrl, repositoryApiUrl, repositoryPageUrl } from "./urls.ts";

export { renderRun } from "./workflow-run.ts";

type Schemas = components["schemas"];

export function renderWorkflow(world: World, repository: Repository, workflow: Workflow) {
  return {
    id: workflow.id,
    node_id: nodeId("workflow", workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: workflow.state,
    created_at: timestamp(workflow.createdAt),
    updated_at: timestamp(workflow.updatedAt),
    url: repositoryApiUrl(world, repository, `actions/workflows/${workflow.id}`),
    html_url: repositoryPageUrl(
      world,
      repository,
      `blob/${escapedPath(repository.defaultBranch)}/${escapedPath(workflow.path)}`,
    ),
    badge_url: repositoryPageUrl(world, repository, `workflows/${encodeURIComponent(workflow.name)}/badge.svg`),
  } satisfies Schemas["workflow"];
}

export function renderJob(world: World, job: Job) {
  const { run, runner } = job;
  const { repository } = run;
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.workflow.name,
    head_branch: run.headBranch,
    run_url: repositoryApiUrl(world, repository, `actions/runs/${run.id}`),
    run_attempt: job.attempt,
    // On GitHub a job and its check run are one record.
    node_id: nodeId("check-run", job.checkRun.id, repository.id),
    head_sha: run.headSha,
    url: repositoryApiUrl(world, repository, `actions/jobs/${job.id}`),
    html_url: jobPageUrl(world, repository, run.id, job.id),
    status: job.status,
    conclusion: jobConclusion(job),
    created_at: timestamp(job.createdAt),
    // Never null: for a job that has not started it is the time of its creation.
    started_at: timestamp(job.startedAt ?? job.createdAt),
    completed_at: timestampOrNull(job.completedAt),
    name: job.name,
    steps: job.steps.map((step) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: timestampOrNull(step.startedAt),
      completed_at: timestampOrNull(step.completedAt),
    })),
    check_run_url: repositoryApiUrl(world, repository, `check-runs/${job.checkRun.id}`),
    labels: [...job.labels],
    runner_id: runner?.id ?? null,
    runner_name: runner?.name ?? null,
    runner_group_id: runner === undefined ? null : runner.hosted ? HOSTED_GROUP.id : runner.group.id,
    runner_group_name: runner === undefined ? null : runner.hosted ? HOSTED_GROUP.name : runner.group.name,
  } satisfies Schemas["job"];
}

/** The group that github.com shows for its own machines. */
const HOSTED_GROUP = { id: 0, name: "GitHub Actions" };

/** The conclusions a job can have, as in the `job` schema; a run can have two more. */
function jobConclusion({ conclusion }: Job): Schemas["job"]["conclusion"] {
  return conclusion === "startup_failure" || conclusion === "stale" ? "failure" : conclusion;
}
