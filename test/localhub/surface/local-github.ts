/** A whole GitHub on this computer, as a library. */
import { ensureAccount } from "../operations/people/accounts.ts";
import { createRepository, forkRepository } from "../operations/people/repositories.ts";
import { fineGrainedToken } from "../operations/people/tokens.ts";
import { announceRef } from "../operations/refs/refs.ts";
import { registerRunner } from "../operations/runs/runners.ts";
import type { Faults } from "../rest/faults/faults.ts";
import type { ConformanceError } from "../rest/replies/conformance-errors.ts";
import type { Runner } from "../world/actions.ts";
import type { Clock } from "../world/clock.ts";
import type { Permissions } from "../world/identity.ts";
import type { Journal } from "../world/journal.ts";
import type { Artifact, Repository, WorkflowRun } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { addBranchProtection, configureRepository } from "./configure-repository.ts";
import { importFolder } from "./import-folder.ts";
import type { LocalGitHubOptions, ProtectionOptions, RunnerOptions } from "./options.ts";
import { createPerson, type Person } from "./person.ts";
import { startServices } from "./services.ts";
import { createArtifactStore } from "./store-artifact.ts";

/** A whole GitHub on loopback. Its own methods act as the owner of its repository. */
export interface LocalGitHub extends Person, AsyncDisposable {
  /** The page, and the root of every `html_url`. */
  readonly url: string;
  /** The REST API. */
  readonly apiUrl: string;
  readonly world: World;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: Faults;
  /** Requests for unsupported operations, and replies that violate GitHub's description; returned only once. */
  takeConformanceErrors(): readonly ConformanceError[];

  /** The user with that login; created when there is none. */
  as(login: string): Person;
  /** A fine-grained token of the owner with only these permissions. */
  tokenWith(permissions: Permissions): string;
  /** Another repository: empty, with files, or with those of a folder, which a tag can name. */
  addRepository(
    fullName: string,
    options?: Pick<LocalGitHubOptions, "private" | "files" | "directory"> & { readonly tag?: string },
  ): Promise<Repository>;
  /** Protects a branch of the repository. */
  protect(branch: string, rules: ProtectionOptions): void;
  /** Forks the repository. Returns the owner of the fork, acting in it. */
  fork(owner: string): Promise<Person>;

  /** Registers a self-hosted runner and offers it to the waiting jobs. */
  addRunner(options: RunnerOptions): Runner;

  /** Triggers `on: push` for the default branch as it is, such as after the import of a folder, and waits for the runs. */
  announcePush(): Promise<void>;
  /** Waits until every run has ended or waits for a person, a timer or a runner. */
  waitUntilIdle(): Promise<void>;
  /** Workflow runs, oldest first, of one workflow file or event when given. */
  runs(which?: { readonly workflow?: string; readonly event?: string }): readonly WorkflowRun[];
  /** The masked log of a run's newest attempt, all jobs or one. */
  log(run: WorkflowRun, job?: string): string;
  /** Adds an artifact to a run as if its last job had uploaded this archive. */
  storeArtifact(run: WorkflowRun, name: string, zip: Uint8Array): Artifact;
  /** Triggers `on: schedule` for a cron line. */
  schedule(cron: string): Promise<readonly WorkflowRun[]>;
  /** Stops everything. @throws Error when a request or reply did not match GitHub's description. */
  close(): Promise<void>;
}

export async function startLocalGitHub(options: LocalGitHubOptions = {}): Promise<LocalGitHub> {
  // Disposed of in reverse order, also when the setup fails half-way.
  await using parts = new AsyncDisposableStack();
  const { world, actions, server } = await startServices(options, parts);

  const [ownerLogin = "octo", name = "model"] = (options.repository ?? "octo/model").split("/");
  const owner = ensureAccount(world, ownerLogin);
  const repository = await createRepository(world, { owner, name, private: options.private ?? false });
  configureRepository(world, repository, options);
  const person = createPerson(world, actions, owner, repository);
  if (options.directory !== undefined) await importFolder(repository, options.directory);
  if (options.files) await person.push({ files: options.files, message: "Initial commit" });
  // Only now: a protected branch would have refused the first commit.
  for (const [branch, rules] of Object.entries(options.protect ?? {})) addBranchProtection(repository, branch, rules);
  await actions.refreshWorkflows(repository);

  const artifacts = parts.use(createArtifactStore(world));
  const running = parts.move();
  const close = (): Promise<void> => running.disposeAsync();

  return {
    ...person,
    url: server.origin,
    apiUrl: server.url,
    world,
    clock: world.clock,
    journal: world.journal,
    faults: server.faults,
    takeConformanceErrors: () => server.takeConformanceErrors(),
    as: (login) => createPerson(world, actions, ensureAccount(world, login), repository),
    tokenWith: (permissions) => fineGrainedToken(world, owner, permissions, repository).value,
    protect: (branch, rules) => addBranchProtection(repository, branch, rules),
    async addRepository(fullName, { private: hidden = false, files, directory, tag } = {}) {
      const [login = "", repo = ""] = fullName.split("/");
      const other = await createRepository(world, { owner: ensureAccount(world, login), name: repo, private: hidden });
      if (directory !== undefined) await importFolder(other, directory);
      if (files) await person.inRepository(other).push({ files, message: "Initial commit" });
      const head = await other.git.resolve(`refs/heads/${other.defaultBranch}`);
      if (tag !== undefined && head !== undefined) await other.git.createRef(`refs/tags/${tag}`, head);
      return other;
    },
    async fork(login) {
      const account = ensureAccount(world, login);
      return createPerson(world, actions, account, await forkRepository(world, repository, account));
    },
    addRunner(runnerOptions) {
      const runner = registerRunner(world, repository, runnerOptions);
      actions.offerRunner(repository, runner);
      return runner;
    },
    async announcePush() {
      const ref = `refs/heads/${repository.defaultBranch}`;
      await announceRef(world, repository, ref, { actor: owner, token: undefined });
      await actions.waitUntilIdle(repository);
    },
    waitUntilIdle: () => actions.waitUntilIdle(repository),
    runs: ({ workflow, event } = {}) =>
      [...repository.actions.runs.values()].filter(
        (run) =>
          (workflow === undefined || run.workflow.path.endsWith(`/${workflow}`)) &&
          (event === undefined || run.event === event),
      ),
    log: (run, job) =>
      (run.attempts.at(-1)?.jobs ?? [])
        .filter((entry) => job === undefined || entry.name === job)
        .flatMap((entry) => entry.log.map((line) => line.text))
        .join("\n"),
    storeArtifact: (run, name, zip) => artifacts.store(run, name, zip),
    schedule: (cron) => actions.schedule(repository, cron),
    close,
    [Symbol.asyncDispose]: close,
  };
}
