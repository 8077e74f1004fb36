/** Puts the local GitHub together: world, REST face, results service, Actions service, runner, page. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitOverHttp } from "../git-http/smart-http.ts";
import { watchMergeQueue } from "../operations/merging/merge-queue-watch.ts";
import { ensureAccount } from "../operations/people/accounts.ts";
import { createRepository, forkRepository } from "../operations/people/repositories.ts";
import { fineGrainedToken } from "../operations/people/tokens.ts";
import { registerRunner } from "../operations/runs/runners.ts";
import { servePage } from "../page/serve.ts";
import { serveDownloads } from "../rest/downloads/downloads.ts";
import { serveFiles } from "../rest/downloads/file-downloads.ts";
import type { Faults } from "../rest/faults/faults.ts";
import type { Miss } from "../rest/replies/misses.ts";
import { routes } from "../rest/routes/index.ts";
import { startRest } from "../rest/serving/server.ts";
import { startResultsService } from "../results/service.ts";
import { createRunner } from "../runner/start-job.ts";
import { createActionSource } from "../workflows/action-source.ts";
import { createActionsService } from "../workflows/starting/actions-service.ts";
import type { Runner } from "../world/actions.ts";
import type { Clock } from "../world/clock.ts";
import type { Permissions } from "../world/identity.ts";
import type { Journal } from "../world/journal.ts";
import type { Repository, WorkflowRun } from "../world/repository.ts";
import { createWorld, type World } from "../world/world.ts";
import { importFolder } from "./import-folder.ts";
import { machineOf } from "./machine.ts";
import type { LocalGitHubOptions, RunnerOptions } from "./options.ts";
import { createPerson, type Person } from "./person.ts";
import { serviceAccess } from "./service-access.ts";
import { protectBranch, setStage } from "./stage.ts";

/** A whole GitHub on loopback. What is done on it directly is done by the owner of its repository. */
export interface LocalGitHub extends Person, AsyncDisposable {
  /** The page, and the root of every `html_url`. */
  readonly url: string;
  /** The REST API. */
  readonly apiUrl: string;
  readonly world: World;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: Faults;
  /** Requests for operations it does not have, and replies that broke GitHub's description; taking forgets them. */
  takeMisses(): readonly Miss[];

  /** The person of that login; made when there is none. */
  as(login: string): Person;
  /** A token narrowed to permissions, as a fine-grained one of the owner. */
  tokenWith(permissions: Permissions): string;
  /** Another repository, empty or with files. */
  addRepository(fullName: string, options?: Pick<LocalGitHubOptions, "private" | "files">): Promise<Repository>;
  /** A fork of the repository, and its owner at work in it. */
  fork(owner: string): Promise<Person>;

  /** Registers a self-hosted runner and offers it the jobs that wait. */
  addRunner(wanted: RunnerOptions): Runner;

  /** Waits until no run can go further without a person, a timer or a runner. */
  settled(): Promise<void>;
  /** Workflow runs, oldest first, of one workflow file or event when given. */
  runs(which?: { readonly workflow?: string; readonly event?: string }): readonly WorkflowRun[];
  /** The masked log of a run's newest attempt, all jobs or one. */
  log(run: WorkflowRun, job?: string): string;
  /** Plays the clock of `on: schedule`. */
  schedule(cron: string): Promise<readonly WorkflowRun[]>;
  /** Stops everything. @throws Error when a request met a route or shape GitHub's description does not have. */
  close(): Promise<void>;
}

export async function startLocalGitHub(options: LocalGitHubOptions = {}): Promise<LocalGitHub> {
  const directory = await mkdtemp(join(tmpdir(), "localhub-"));
  const world = createWorld({ directory, ...(options.profile && { profile: options.profile }) });
  const results = world.profile.resultsService ? await startResultsService(world) : undefined;
  const actions = createActionsService({
    world,
    startJob: createRunner({ ...(options.timing && { timing: options.timing }) }),
    services: (job, token) => serviceAccess(world, results, job, token),
    actions: (run) => createActionSource(world, run),
    machine: (runner) => machineOf(world, runner),
  });
  const queue = watchMergeQueue(world);
  const server = await startRest({
    world,
    routes,
    actions,
    mounts: [gitOverHttp(world), serveDownloads(world), serveFiles(world), servePage({ world, actions })],
    ...(options.limits && { limits: options.limits }),
    ...(options.port && { port: options.port }),
  });

  const [ownerLogin = "octo", name = "model"] = (options.repository ?? "octo/model").split("/");
  const owner = ensureAccount(world, ownerLogin);
  const repository = await createRepository(world, { owner, name, private: options.private ?? false });
  setStage(world, repository, options);
  const person = createPerson(world, actions, owner, repository);
  if (options.directory !== undefined) await importFolder(repository, options.directory, person);
  if (options.files) await person.push({ files: options.files, message: "Begin" });
  // Only now: a protected branch would have refused the first commit.
  for (const [branch, rules] of Object.entries(options.protect ?? {})) protectBranch(repository, branch, rules);
  await actions.refreshWorkflows(repository);

  async function close(): Promise<void> {
    await actions.stop();
    queue[Symbol.dispose]();
    await queue.idle();
    world.clock.stop();
    await results?.close();
    try {
      await server.close();
    } finally {
      for (const { git } of world.repositories.values()) git.close();
      await rm(directory, { recursive: true, force: true });
    }
  }

  return {
    ...person,
    url: server.origin,
    apiUrl: server.url,
    world,
    clock: world.clock,
    journal: world.journal,
    faults: server.faults,
    takeMisses: () => server.takeMisses(),
    as: (login) => createPerson(world, actions, ensureAccount(world, login), repository),
    tokenWith: (permissions) => fineGrainedToken(world, owner, permissions, repository).value,
    async addRepository(fullName, { private: hidden = false, files } = {}) {
      const [login = "", repo = ""] = fullName.split("/");
      const other = await createRepository(world, { owner: ensureAccount(world, login), name: repo, private: hidden });
      if (files) await person.in(other).push({ files, message: "Begin" });
      return other;
    },
    async fork(login) {
      const account = ensureAccount(world, login);
      return createPerson(world, actions, account, await forkRepository(world, repository, account));
    },
    addRunner(wanted) {
      const runner = registerRunner(world, repository, wanted);
      actions.offer(repository, runner);
      return runner;
    },
    settled: () => actions.settled(repository),
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
    schedule: (cron) => actions.schedule(repository, cron),
    close,
    [Symbol.asyncDispose]: close,
  };
}
