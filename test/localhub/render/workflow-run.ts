/** A workflow run, in its current state or that of an earlier attempt. */
import type { components } from "@octokit/openapi-types";
import type { Commit } from "../git/git-repository.ts";
import type { PullRequest, RunAttempt, WorkflowRun } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { nodeId } from "./node-id.ts";
import { renderPullReference } from "./pull-reference.ts";
import { renderMinimalRepository } from "./repository.ts";
import { timestamp } from "./timestamp.ts";
import { repositoryApiUrl, runPageUrl } from "./urls.ts";

type Schemas = components["schemas"];

/**
 * @param attempt The requested attempt; the latest one by default.
 * @throws Error for a run without an attempt: every run is created with one.
 */
export function renderRun(world: World, run: WorkflowRun, attempt?: RunAttempt) {
  const { repository } = run;
  const shown = attempt ?? latestAttempt(run);
  const runPath = `actions/runs/${run.id}`;
  // An attempt's own URL is below the run's; the URLs of actions are always the run's.
  const path = attempt === undefined ? runPath : `${runPath}/attempts/${attempt.number}`;
  const url = (below: string): string => repositoryApiUrl(world, repository, below);
  const page = runPageUrl(world, repository, run.id);
  return {
    id: run.id,
    name: run.workflow.name,
    node_id: nodeId("run", run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.workflow.path,
    display_title: run.displayTitle,
    run_number: run.runNumber,
    event: run.event,
    status: shown.status,
    conclusion: shown.conclusion,
    workflow_id: run.workflow.id,
    check_suite_id: shown.suite.id,
    check_suite_node_id: nodeId("check-suite", shown.suite.id, repository.id),
    url: url(path),
    html_url: attempt === undefined ? page : `${page}/attempts/${attempt.number}`,
    pull_requests: pullsOf(run).map((pull) => renderPullReference(world, pull)),
    created_at: timestamp(run.createdAt),
    updated_at: timestamp(shown.updatedAt),
    actor: renderAccount(world, run.actor),
    run_attempt: shown.number,
    referenced_workflows: run.referencedWorkflows.map(({ path, sha, ref }) => ({ path, sha, ref })),
    run_started_at: timestamp(shown.startedAt),
    triggering_actor: renderAccount(world, shown.triggeringActor),
    jobs_url: url(`${path}/jobs`),
    logs_url: url(`${path}/logs`),
    check_suite_url: url(`check-suites/${shown.suite.id}`),
    artifacts_url: url(`${runPath}/artifacts`),
    cancel_url: url(`${runPath}/cancel`),
    rerun_url: url(`${runPath}/rerun`),
    previous_attempt_url: shown.number > 1 ? url(`${runPath}/attempts/${shown.number - 1}`) : null,
    workflow_url: url(`actions/workflows/${run.workflow.id}`),
    head_commit: run.headCommit ? renderSimpleCommit(run.headCommit) : null,
    repository: renderMinimalRepository(world, repository),
    head_repository: renderMinimalRepository(world, run.headRepository ?? repository),
  } satisfies Schemas["workflow-run"];
}

/** @throws Error for a run without one. */
export function latestAttempt(run: WorkflowRun): RunAttempt {
  const latest = run.attempts.at(-1);
  if (latest === undefined) throw new Error(`the workflow run ${run.id} has no attempt`);
  return latest;
}

/** Empty for runs of forks' pull requests, as on GitHub (actions/runner#3444). */
function pullsOf(run: WorkflowRun): readonly PullRequest[] {
  if (run.headRepository !== run.repository) return [];
  return run.pulls.flatMap((number) => run.repository.pulls.get(number) ?? []);
}

export function renderSimpleCommit(commit: Commit) {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: timestamp(commit.committer.date),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  } satisfies Schemas["nullable-simple-commit"];
}
