/** Concurrency groups: who holds one and who is waiting for it. Absent from Enterprise Server 3.17 to 3.19. */
import { jobById, runById } from "../../operations/runs/runs.ts";
import { renderGroup, renderListedGroup, renderRunGroup } from "../../render/concurrency-groups.ts";
import { notFound, unprocessable } from "../../world/api-error.ts";
import type { ConcurrencyGroup, ConcurrencyMember } from "../../world/repository.ts";
import { type Call, list, ok, type Route, route } from "../route.ts";
import { paginateByCursor } from "./cursor-page.ts";
import { runOf } from "./runs.ts";

export const concurrencyGroupRoutes: readonly Route[] = [
  route("actions/list-concurrency-groups-for-repository", (call) => {
    const { world, repository } = call;
    const groups = activeGroups(call).toSorted((one, other) => one.name.localeCompare(other.name));
    const page = paginateByCursor(groups, (group) => group.name, call);
    return ok(
      {
        total_count: groups.length,
        concurrency_groups: page.items.map((group) => renderListedGroup(world, repository, group)),
      },
      page.headers,
    );
  }),

  route("actions/get-concurrency-group-for-repository", (call) => {
    const { world, repository, path } = call;
    const group = activeGroups(call).find((one) => one.name === path["concurrency_group_name"]);
    if (group === undefined) throw notFound();
    return ok(renderGroup(world, repository, group, membersAheadOf(call, group)));
  }),

  route("actions/list-concurrency-groups-for-workflow-run", (call) => {
    const { world, repository } = call;
    const run = runOf(call);
    const membersOf = (group: ConcurrencyGroup) => group.members.filter((member) => member.run === run);
    const groups = activeGroups(call).filter((group) => membersOf(group).length > 0);
    return list(groups, (group) => renderRunGroup(world, repository, group, membersOf(group)), "concurrency_groups");
  }),
];

/** @throws ApiError 404 when the profile has no such API. */
function activeGroups({ world, repository }: Call): readonly ConcurrencyGroup[] {
  if (!world.profile.concurrencyGroups) throw notFound();
  return [...repository.actions.concurrencyGroups.values()].filter((group) => group.members.length > 0);
}

/**
 * All members, or those up to the given run or job, which is the last one. GitHub docs: `ahead_of_run` is for members
 * that are whole runs, `ahead_of_job` for jobs, and the two exclude each other.
 */
function membersAheadOf({ repository, query }: Call, group: ConcurrencyGroup): readonly ConcurrencyMember[] {
  const { ahead_of_run: runId, ahead_of_job: jobId } = query;
  if (runId !== undefined && jobId !== undefined)
    throw unprocessable("Validation Failed: ahead_of_run and ahead_of_job are mutually exclusive");
  if (runId === undefined && jobId === undefined) return group.members;
  const run = runId === undefined ? undefined : runById(repository, Number(runId));
  const job = jobId === undefined ? undefined : jobById(repository, Number(jobId));
  const position = group.members.findIndex((member) => (job ? member.job === job : member.run === run && !member.job));
  if (position === -1)
    throw unprocessable(`Validation Failed: the ${job ? "job" : "run"} is not in the concurrency group ${group.name}`);
  return group.members.slice(0, position + 1);
}
