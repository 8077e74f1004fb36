/** Check runs, their annotations and check suites in REST replies. */
import type { components } from "@octokit/openapi-types";
import type { Commit } from "../git/git-repository.ts";
import { checkRunsOf, latestCheckRuns } from "../operations/checks/checks.ts";
import type { Annotation, CheckRun, CheckSuite } from "../world/checks.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderApp } from "./app.ts";
import { renderDeploymentSummary } from "./deployments.ts";
import { nodeId } from "./node-id.ts";
import { pullsWithHead, renderPullReference } from "./pull-reference.ts";
import { renderMinimalRepository } from "./repository.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import { checkRunPageUrl, escapedPath, jobPageUrl, pageUrl, repositoryApiUrl, repositoryPageUrl } from "./urls.ts";
import { renderSimpleCommit } from "./workflow-run.ts";

type Schemas = components["schemas"];

export function renderCheckRun(world: World, repository: Repository, run: CheckRun) {
  const url = repositoryApiUrl(world, repository, `check-runs/${run.id}`);
  const html = checkRunHtml(world, repository, run);
  const deployment = run.deploymentId === undefined ? undefined : repository.deployments.get(run.deploymentId);
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("check-run", run.id, repository.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: html,
    // GitHub docs, "Create a check run": the app's homepage when the app gives no URL.
    details_url: run.detailsUrl ?? (run.jobId === undefined ? pageUrl(world, `apps/${run.suite.app.slug}`) : html),
    status: run.status,
    conclusion: conclusionOf(run),
    started_at: timestampOrNull(run.startedAt),
    completed_at: timestampOrNull(run.completedAt),
    output: {
      title: run.output.title,
      summary: run.output.summary,
      text: run.output.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: renderApp(world, run.suite.app),
    pull_requests: pullReferences(world, repository, run.headSha),
    ...(deployment && { deployment: renderDeploymentSummary(world, repository, deployment) }),
  } satisfies Schemas["check-run"];
}

export function renderAnnotation(
  world: World,
  repository: Repository,
  run: CheckRun,
  annotation: Annotation,
): Schemas["check-annotation"] {
  return {
    path: annotation.path,
    blob_href: repositoryPageUrl(world, repository, `blob/${run.headSha}/${escapedPath(annotation.path)}`),
    start_line: annotation.startLine,
    start_column: annotation.startColumn,
    end_line: annotation.endLine,
    end_column: annotation.endColumn,
    annotation_level: annotation.level,
    title: annotation.title,
    message: annotation.message,
    raw_details: annotation.rawDetails,
  };
}

/** @param head The suite's commit, read from git beforehand. */
export function renderCheckSuite(world: World, repository: Repository, suite: CheckSuite, head: Commit) {
  return {
    ...renderSuiteBody(world, repository, suite),
    repository: renderMinimalRepository(world, repository),
    ...renderSuiteCounts(world, repository, suite, head),
    rerequestable: true,
    runs_rerequestable: true,
  } satisfies Schemas["check-suite"];
}

/** The fields of a suite in all places; inside a check run, webhook payloads have only these. */
export function renderSuiteBody(world: World, repository: Repository, suite: CheckSuite) {
  return {
    id: suite.id,
    node_id: nodeId("check-suite", suite.id, repository.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: suite.status,
    conclusion: suite.conclusion,
    url: repositoryApiUrl(world, repository, `check-suites/${suite.id}`),
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullReferences(world, repository, suite.headSha),
    app: renderApp(world, suite.app),
    created_at: timestamp(suite.createdAt),
    updated_at: timestamp(suite.updatedAt),
  };
}

export function renderSuiteCounts(world: World, repository: Repository, suite: CheckSuite, head: Commit) {
  return {
    latest_check_runs_count: latestCheckRuns(checkRunsOf(repository, suite)).length,
    check_runs_url: repositoryApiUrl(world, repository, `check-suites/${suite.id}/check-runs`),
    head_commit: renderSimpleCommit(head),
  };
}

const pullReferences = (world: World, repository: Repository, sha: string) =>
  pullsWithHead(repository, sha).map((pull) => renderPullReference(world, pull));

function checkRunHtml(world: World, repository: Repository, run: CheckRun): string {
  const { workflowRunId } = run.suite;
  if (run.jobId === undefined || workflowRunId === undefined) return checkRunPageUrl(world, repository, run.id);
  return jobPageUrl(world, repository, workflowRunId, run.jobId);
}

/** Only a suite can be stale or fail to start; in the description a run can be neither. */
function conclusionOf({ conclusion }: CheckRun): Schemas["check-run"]["conclusion"] {
  return conclusion === "stale" || conclusion === "startup_failure" ? "failure" : conclusion;
}
