/** Concurrency groups and their queues in REST replies. */
import type { components } from "@octokit/openapi-types";
import type { ConcurrencyGroup, ConcurrencyMember, Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { timestamp } from "./timestamp.ts";
import { jobPageUrl, repositoryApiUrl, runPageUrl } from "./urls.ts";

type Schemas = components["schemas"];

const groupUrl = (world: World, repository: Repository, group: ConcurrencyGroup): string =>
  repositoryApiUrl(world, repository, `actions/concurrency_groups/${encodeURIComponent(group.name)}`);

export function renderListedGroup(world: World, repository: Repository, group: ConcurrencyGroup) {
  return {
    group_name: group.name,
    group_url: groupUrl(world, repository, group),
    last_acquired_at: timestamp(group.lastAcquiredAt),
  } satisfies Schemas["concurrency-group-list"]["concurrency_groups"][number];
}

/** @param members The members to show, in the order of the queue. */
export function renderGroup(
  world: World,
  repository: Repository,
  group: ConcurrencyGroup,
  members: readonly ConcurrencyMember[],
) {
  return {
    group_name: group.name,
    group_url: groupUrl(world, repository, group),
    total_count: members.length,
    group_members: members.map((member) => renderMember(world, repository, member)),
  } satisfies Schemas["concurrency-group"];
}

/** A group in the list of a run: the run's members with their positions in the queue, the holder at 0. */
export function renderRunGroup(
  world: World,
  repository: Repository,
  group: ConcurrencyGroup,
  members: readonly ConcurrencyMember[],
) {
  const url = groupUrl(world, repository, group);
  return {
    group_name: group.name,
    group_url: url,
    group_members: members.map((member) => ({
      ...renderMember(world, repository, member),
      position: group.members.indexOf(member),
      position_url: member.job ? `${url}?ahead_of_job=${member.job.id}` : `${url}?ahead_of_run=${member.run.id}`,
    })),
  } satisfies Schemas["concurrency-group-run-list"]["concurrency_groups"][number];
}

function renderMember(world: World, repository: Repository, { run, job, status }: ConcurrencyMember) {
  return {
    run_id: run.id,
    run_name: run.displayTitle,
    run_url: repositoryApiUrl(world, repository, `actions/runs/${run.id}`),
    run_html_url: runPageUrl(world, repository, run.id),
    ...(job && {
      job_id: job.id,
      job_name: job.name,
      job_url: repositoryApiUrl(world, repository, `actions/jobs/${job.id}`),
      job_html_url: jobPageUrl(world, repository, run.id, job.id),
    }),
    status,
  };
}
