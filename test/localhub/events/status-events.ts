/** The payloads of commit statuses, check runs, check suites and deployments. */
import { renderCheckRun, renderSuiteBody, renderSuiteCounts } from "../render/checks.ts";
import { renderCommit } from "../render/commit.ts";
import { renderDeployment, renderDeploymentStatus } from "../render/deployments.ts";
import { renderSimpleStatus } from "../render/statuses.ts";
import { commitApiUrl } from "../render/urls.ts";
import type { CommitStatus } from "../world/checks.ts";
import type { DomainEvent } from "../world/domain-events.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { requireCommit } from "./require-commit.ts";

type EventOf<Event extends DomainEvent["event"]> = Extract<DomainEvent, { event: Event }>;

/** GitHub docs, "Webhook events and payloads", `status`: branches in the payload. */
const MAX_BRANCHES = 10;

export async function renderStatusEvent(world: World, { repository, status }: EventOf<"status">) {
  const { url: _, node_id: __, ...fields } = renderSimpleStatus(world, repository, status);
  const commit = renderCommit(world, repository, await requireCommit(repository, status.sha));
  return {
    ...fields,
    sha: status.sha,
    name: repository.fullName,
    commit,
    branches: await renderBranchesContaining(world, repository, status),
  };
}

export function renderCheckRunEvent(world: World, { repository, checkRun }: EventOf<"check_run">) {
  const { suite } = checkRun;
  return {
    check_run: {
      ...renderCheckRun(world, repository, checkRun),
      check_suite: renderSuiteBody(world, repository, suite),
    },
  };
}

export async function renderCheckSuiteEvent(world: World, { repository, suite }: EventOf<"check_suite">) {
  const body = renderSuiteBody(world, repository, suite);
  const head = await requireCommit(repository, suite.headSha);
  return { check_suite: { ...body, ...renderSuiteCounts(world, repository, suite, head) } };
}

export function renderDeploymentEvent(world: World, { repository, deployment }: EventOf<"deployment">) {
  return { deployment: renderDeployment(world, repository, deployment) };
}

export function renderDeploymentStatusEvent(world: World, event: EventOf<"deployment_status">) {
  const { repository, deployment, status } = event;
  return {
    deployment_status: renderDeploymentStatus(world, repository, deployment, status),
    deployment: renderDeployment(world, repository, deployment),
  };
}

/** The branches that contain the commit, not only those whose head it is. */
async function renderBranchesContaining(world: World, repository: Repository, { sha }: CommitStatus) {
  const { git, protections } = repository;
  const branches = [];
  for (const ref of await git.refs("refs/heads/")) {
    if (branches.length === MAX_BRANCHES) break;
    if (!(await git.isAncestor(sha, ref.sha))) continue;
    const name = ref.name.slice("refs/heads/".length);
    const commit = { sha: ref.sha, url: commitApiUrl(world, repository, ref.sha) };
    branches.push({ name, commit, protected: protections.has(name) });
  }
  return branches;
}
