/** Creating repositories and forks, and the roles of accounts on them. */
import { join } from "node:path";
import { initBareRepository } from "../../git/bare-repository.ts";
import type { RunnerGroup } from "../../world/actions.ts";
import type { Account, Role } from "../../world/identity.ts";
import { ROLES } from "../../world/identity.ts";
import { NamedValues } from "../../world/named-values.ts";
import type { ActionsState, Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { defaultLabels } from "./default-labels.ts";

export interface NewRepository {
  readonly owner: Account;
  readonly name: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly defaultBranch?: string;
}

/** Creates an empty repository; its first push creates the default branch. @throws Error when the name is taken. */
export async function createRepository(world: World, input: NewRepository): Promise<Repository> {
  return addRepository(world, input, undefined);
}

export interface ForkOptions {
  /** The parent's name by default. */
  readonly name?: string;
  readonly defaultBranchOnly?: boolean;
}

/** Creates a fork with all branches and tags of its parent, or with its default branch only. */
export async function forkRepository(
  world: World,
  parent: Repository,
  owner: Account,
  options: ForkOptions = {},
): Promise<Repository> {
  const { name = parent.name, defaultBranchOnly = false } = options;
  const fork = await addRepository(
    world,
    { owner, name, private: parent.private, defaultBranch: parent.defaultBranch },
    parent,
  );
  const prefixes = defaultBranchOnly ? [`refs/heads/${parent.defaultBranch}`] : ["refs/heads/", "refs/tags/"];
  for (const ref of await parent.git.refs("refs/")) {
    if (!prefixes.some((prefix) => ref.name.startsWith(prefix))) continue;
    await fork.git.fetch(parent.git, ref.name);
    await fork.git.createRef(ref.name, ref.sha);
  }
  return fork;
}

/** The role of `account` on the repository; `undefined` when it may not even see it. */
export function roleOf(repository: Repository, account: Account): Role | undefined {
  if (repository.owner === account) return "admin";
  const roles = [
    repository.collaborators.get(account),
    ...[...repository.teams].filter(([team]) => team.members.has(account)).map(([, role]) => role),
  ].filter((role) => role !== undefined);
  const strongest = ROLES.findLast((role) => roles.includes(role));
  return strongest ?? (repository.private ? undefined : "read");
}

async function addRepository(world: World, input: NewRepository, forkOf: Repository | undefined): Promise<Repository> {
  const fullName = `${input.owner.login}/${input.name}`;
  if (world.repositories.has(fullName.toLowerCase())) throw new Error(`there is already a repository "${fullName}"`);
  const defaultBranch = input.defaultBranch ?? "main";
  const now = world.clock.now();
  const repository: Repository = {
    id: world.nextId(),
    owner: input.owner,
    name: input.name,
    fullName,
    private: input.private ?? false,
    description: input.description ?? null,
    forkOf,
    createdAt: now,
    pushedAt: now,
    defaultBranch,
    git: await initBareRepository(join(world.directory, "repositories", `${fullName}.git`), defaultBranch),
    collaborators: new Map(),
    teams: new Map(),
    nextNumber: 1,
    issues: new Map(),
    pulls: new Map(),
    comments: new Map(),
    labels: defaultLabels(world),
    statuses: [],
    checkSuites: new Map(),
    checkRuns: new Map(),
    protections: new Map(),
    rulesets: new Map(),
    mergeQueue: [],
    environments: new Map(),
    deployments: new Map(),
    releases: new Map(),
    attestations: [],
    actions: emptyActions(world, input.owner),
  };
  world.repositories.set(fullName.toLowerCase(), repository);
  return repository;
}

function emptyActions(world: World, owner: Account): ActionsState {
  return {
    workflows: new Map(),
    runs: new Map(),
    jobs: new Map(),
    artifacts: new Map(),
    caches: new Map(),
    runners: new Map(),
    runnerGroups: runnerGroupsOf(world, owner),
    concurrencyGroups: new Map(),
    secrets: new NamedValues(world.clock),
    variables: new NamedValues(world.clock),
    defaultPermissions: "read",
    canApprovePullRequests: false,
  };
}

/** An organization's repositories share its runner groups; a person's repository has its own. */
function runnerGroupsOf(world: World, owner: Account): Map<number, RunnerGroup> {
  const sibling = [...world.repositories.values()].find((repository) => repository.owner === owner);
  if (sibling && owner.kind === "Organization") return sibling.actions.runnerGroups;
  const everyone: RunnerGroup = { id: world.nextId(), name: "Default", default: true, workflows: undefined };
  return new Map([[everyone.id, everyone]]);
}
