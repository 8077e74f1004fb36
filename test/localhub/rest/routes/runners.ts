/** Self-hosted runners and runner groups. Only administrators see them. */
import {
  organizationGroups,
  organizationRunners,
  removeRunner,
  runnerById,
  selfHostedRunners,
} from "../../operations/runs/runners.ts";
import { renderRunner, renderRunnerGroup, renderRunnerLabel } from "../../render/runners.ts";
import type { Runner } from "../../world/actions.ts";
import { notFound } from "../../world/api-error.ts";
import type { Account } from "../../world/identity.ts";
import { type Call, list, noContent, ok, type Route, route } from "../route.ts";

export const runnerRoutes: readonly Route[] = [
  route("actions/list-self-hosted-runners-for-repo", (call) =>
    list(named(call, selfHostedRunners(call.repository)), renderRunner, "runners"),
  ),

  route("actions/get-self-hosted-runner-for-repo", (call) => ok(renderRunner(runnerOf(call)))),

  route("actions/delete-self-hosted-runner-from-repo", (call) => {
    removeRunner(call.repository, Number(call.path["runner_id"]));
    return noContent;
  }),

  route("actions/list-labels-for-self-hosted-runner-for-repo", (call) =>
    list(runnerOf(call).labels, renderRunnerLabel, "labels"),
  ),

  route("actions/list-self-hosted-runners-for-org", (call) =>
    list(named(call, organizationRunners(call.world, organizationOf(call))), renderRunner, "runners"),
  ),

  route("actions/list-self-hosted-runner-groups-for-org", (call) => {
    const organization = organizationOf(call);
    const groups = organizationGroups(call.world, organization);
    return list(groups, (group) => renderRunnerGroup(call.world, organization, group), "runner_groups");
  }),

  route("actions/get-self-hosted-runner-group-for-org", (call) => {
    const organization = organizationOf(call);
    const id = Number(call.path["runner_group_id"]);
    const group = organizationGroups(call.world, organization).find((one) => one.id === id);
    if (group === undefined) throw notFound();
    return ok(renderRunnerGroup(call.world, organization, group));
  }),
];

const runnerOf = ({ repository, path }: Call): Runner => runnerById(repository, Number(path["runner_id"]));

const named = ({ query }: Call, runners: readonly Runner[]): readonly Runner[] =>
  runners.filter((runner) => query["name"] === undefined || runner.name === query["name"]);

/** @throws ApiError 404 */
function organizationOf({ world, path }: Call): Account {
  const account = world.accounts.get((path["org"] ?? "").toLowerCase());
  if (account?.kind !== "Organization") throw notFound();
  return account;
}
