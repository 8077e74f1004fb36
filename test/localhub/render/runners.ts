/** Self-hosted runners and their groups in REST replies. */
import type { components } from "@octokit/openapi-types";
import { RUNNER_VERSION } from "../operations/runs/runners.ts";
import type { Runner, RunnerGroup, RunnerLabel } from "../world/actions.ts";
import type { Account } from "../world/identity.ts";
import type { World } from "../world/world.ts";
import { accountApiUrl } from "./urls.ts";

type Schemas = components["schemas"];

export function renderRunner(runner: Runner) {
  return {
    id: runner.id,
    name: runner.name,
    os: runner.os,
    status: runner.status,
    busy: runner.busy,
    ephemeral: runner.ephemeral,
    version: RUNNER_VERSION,
    runner_group_id: runner.group.id,
    labels: runner.labels.map(renderRunnerLabel),
  } satisfies Schemas["runner"];
}

export const renderRunnerLabel = (label: RunnerLabel) =>
  ({ name: label.name, type: label.type }) satisfies Schemas["runner-label"];

export function renderRunnerGroup(world: World, organization: Account, group: RunnerGroup) {
  const url = `${accountApiUrl(world, organization)}/actions/runner-groups/${group.id}`;
  return {
    id: group.id,
    name: group.name,
    visibility: "all",
    default: group.default,
    runners_url: `${url}/runners`,
    hosted_runners_url: `${url}/hosted-runners`,
    inherited: false,
    allows_public_repositories: true,
    restricted_to_workflows: group.workflows !== undefined,
    selected_workflows: [...(group.workflows ?? [])],
    workflow_restrictions_read_only: false,
  } satisfies Schemas["runner-groups-org"];
}
