/**
 * Self-hosted runners and their groups. GitHub-hosted runners are created by the Actions service when jobs need them.
 */
import type { Runner, RunnerGroup } from "../../world/actions.ts";
import { notFound, unprocessable } from "../../world/api-error.ts";
import type { Account } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

/** The release of actions/runner that the local GitHub's runners report; they follow its rules. */
export const RUNNER_VERSION = "2.336.0";

export interface NewRunner {
  readonly name: string;
  /** In addition to those of every runner: `self-hosted`, its system and `X64`. */
  readonly labels?: readonly string[];
  readonly os?: Runner["os"];
  readonly group?: RunnerGroup;
  readonly ephemeral?: boolean;
  readonly status?: Runner["status"];
}

const SYSTEM_LABEL = { linux: "Linux", macos: "macOS", windows: "Windows" } as const;

/**
 * Registers a runner. Offer it to the Actions service afterwards, so that waiting jobs find it. @throws Error for a
 * taken name.
 */
export function registerRunner(world: World, repository: Repository, input: NewRunner): Runner {
  if (selfHostedRunners(repository).some((runner) => runner.name === input.name))
    throw new Error(`${repository.fullName} already has a runner "${input.name}"`);
  const os = input.os ?? "linux";
  const defaults = ["self-hosted", SYSTEM_LABEL[os], "X64"];
  const runner: Runner = {
    id: world.nextId(),
    name: input.name,
    os,
    labels: [
      ...defaults.map((name) => ({ name, type: "read-only" as const })),
      ...(input.labels ?? [])
        .filter((name) => !defaults.some((label) => label.toLowerCase() === name.toLowerCase()))
        .map((name) => ({ name, type: "custom" as const })),
    ],
    group: input.group ?? defaultGroup(repository),
    ephemeral: input.ephemeral ?? false,
    hosted: false,
    status: input.status ?? "online",
    busy: false,
  };
  repository.actions.runners.set(runner.id, runner);
  return runner;
}

/** A group of runners, open to all workflows or only to those listed (`owner/repo/.github/workflows/x.yml@ref`). */
export function createRunnerGroup(
  world: World,
  repository: Repository,
  name: string,
  workflows?: readonly string[],
): RunnerGroup {
  const group: RunnerGroup = { id: world.nextId(), name, default: false, workflows };
  repository.actions.runnerGroups.set(group.id, group);
  return group;
}

/** The runners that the API lists: GitHub-hosted ones are not among them. */
export const selfHostedRunners = (repository: Repository): readonly Runner[] =>
  [...repository.actions.runners.values()].filter((runner) => !runner.hosted);

/** @throws ApiError 404 */
export function runnerById(repository: Repository, id: number): Runner {
  const runner = selfHostedRunners(repository).find((one) => one.id === id);
  if (runner === undefined) throw notFound();
  return runner;
}

/** @throws ApiError 404 for an unknown runner, 422 for one that is running a job. */
export function removeRunner(repository: Repository, id: number): void {
  const runner = runnerById(repository, id);
  // The quote at the end is GitHub's (actions/actions-runner-controller, `unregisterRunner`).
  if (runner.busy) throw unprocessable(`Bad request - Runner "${runner.name}" is still running a job"`);
  repository.actions.runners.delete(id);
}

/** The runners registered with any of the organization's repositories: all of them can be offered its jobs. */
export const organizationRunners = (world: World, organization: Account): readonly Runner[] =>
  [...world.repositories.values()].filter(({ owner }) => owner === organization).flatMap(selfHostedRunners);

export function organizationGroups(world: World, organization: Account): readonly RunnerGroup[] {
  const owned = [...world.repositories.values()].filter(({ owner }) => owner === organization);
  return [...new Set(owned.flatMap(({ actions }) => [...actions.runnerGroups.values()]))];
}

function defaultGroup(repository: Repository): RunnerGroup {
  const group = [...repository.actions.runnerGroups.values()].find((one) => one.default);
  if (group === undefined) throw new Error(`${repository.fullName} has no default runner group`);
  return group;
}
