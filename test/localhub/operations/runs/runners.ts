/** Self-hosted runners and their groups. GitHub-hosted machines are made by the Actions service as jobs ask for them. */
import type { Runner, RunnerGroup } from "../../world/actions.ts";
import { invalid, notFound } from "../../world/api-error.ts";
import type { Account } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

/** The release of actions/runner that this local GitHub's machines say they are; its rules are the ones followed here. */
export const RUNNER_VERSION = "2.336.0";

export interface NewRunner {
  readonly name: string;
  /** Beyond the ones every runner has: `self-hosted`, its system and `X64`. */
  readonly labels?: readonly string[];
  readonly os?: Runner["os"];
  readonly group?: RunnerGroup;
  readonly ephemeral?: boolean;
  readonly status?: Runner["status"];
}

const SYSTEM_LABEL = { linux: "Linux", macos: "macOS", windows: "Windows" } as const;

/** Registers a runner. Offer it to the Actions service, so that waiting jobs find it. @throws Error for a taken name. */
export function registerRunner(world: World, repository: Repository, wanted: NewRunner): Runner {
  if (selfHostedRunners(repository).some((runner) => runner.name === wanted.name))
    throw new Error(`${repository.fullName} already has a runner "${wanted.name}"`);
  const os = wanted.os ?? "linux";
  const own = ["self-hosted", SYSTEM_LABEL[os], "X64"];
  const runner: Runner = {
    id: world.nextId(),
    name: wanted.name,
    os,
    labels: [
      ...own.map((name) => ({ name, type: "read-only" as const })),
      ...(wanted.labels ?? [])
        .filter((name) => !own.some((known) => known.toLowerCase() === name.toLowerCase()))
        .map((name) => ({ name, type: "custom" as const })),
    ],
    group: wanted.group ?? defaultGroup(repository),
    ephemeral: wanted.ephemeral ?? false,
    hosted: false,
    status: wanted.status ?? "online",
    busy: false,
  };
  repository.actions.runners.set(runner.id, runner);
  return runner;
}

/** A group of runners, open to all workflows or only to those named (`owner/repo/.github/workflows/x.yml@ref`). */
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

/** Those the API lists: machines of GitHub's own are not among them. */
export const selfHostedRunners = (repository: Repository): readonly Runner[] =>
  [...repository.actions.runners.values()].filter((runner) => !runner.hosted);

/** @throws Refusal 404 */
export function runnerById(repository: Repository, id: number): Runner {
  const runner = selfHostedRunners(repository).find((one) => one.id === id);
  if (runner === undefined) throw notFound();
  return runner;
}

/** @throws Refusal 404 for an unknown runner, 422 for one that is running a job. */
export function removeRunner(repository: Repository, id: number): void {
  const runner = runnerById(repository, id);
  if (runner.busy) throw invalid(`Bad request - Runner "${runner.name}" is still running a job"`);
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
