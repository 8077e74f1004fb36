/**
 * The Actions service over a real world and real git, with a scripted runner instead of the one that runs processes.
 *
 *     await using hub = await startTestActions();
 *     const [run] = await hub.push({ ".github/workflows/ci.yml": "on: push\njobs: …" });
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccount } from "../../operations/people/accounts.ts";
import { createRepository } from "../../operations/people/repositories.ts";
import { commitFiles, type FileContent } from "../../operations/refs/contents.ts";
import type { StartJob } from "../../runner/job.ts";
import type { Caller } from "../../world/caller.ts";
import type { Role } from "../../world/identity.ts";
import type { Job, Repository, WorkflowRun } from "../../world/repository.ts";
import { createWorld, type World } from "../../world/world.ts";
import type { ActionsService } from "../service.ts";
import { createActionsService } from "./actions-service.ts";
import { createScriptedRunner, type ScriptedRunner } from "./scripted-runner.ts";

const PEOPLE = { alice: "admin", bob: "write", carol: "write", dave: "read" } as const satisfies Record<string, Role>;

export type RepositoryFiles = Readonly<Record<string, FileContent>>;

export interface TestActions extends AsyncDisposable {
  readonly world: World;
  readonly service: ActionsService;
  readonly runner: ScriptedRunner;
  /** `acme/model`. */
  readonly repository: Repository;
  /** `alice` is admin, `bob` and `carol` write, `dave` reads. */
  as(login: string): Caller;
  /** Commits files to a branch (default: the default branch), waits until idle, and returns the runs it started. */
  push(
    files: RepositoryFiles,
    options?: { readonly branch?: string; readonly as?: string; readonly message?: string },
  ): Promise<readonly WorkflowRun[]>;
  /** Calls `act`, waits until idle, and returns the runs it started. */
  runsStartedBy(act: () => unknown): Promise<readonly WorkflowRun[]>;
}

/** @param options `startJob`: a runner instead of the scripted one. */
export async function startTestActions(options: { readonly startJob?: StartJob } = {}): Promise<TestActions> {
  const directory = await mkdtemp(join(tmpdir(), "actions-"));
  const world = createWorld({ directory });
  world.urls.api = "http://127.0.0.1:1/api";
  world.urls.html = "http://127.0.0.1:1";
  const owner = createAccount(world, { login: "acme", kind: "Organization" });
  const repository = await createRepository(world, { owner, name: "model" });
  for (const [login, role] of Object.entries(PEOPLE)) {
    repository.collaborators.set(createAccount(world, { login }), role);
  }
  const runner = createScriptedRunner();
  const service = createActionsService({
    world,
    startJob: options.startJob ?? runner.startJob,
    services: (_job, token) => ({
      apiUrl: world.urls.api,
      graphqlUrl: `${world.urls.api}/graphql`,
      serverUrl: "http://github.localhost",
      token: token.value,
      resultsUrl: undefined,
      runtimeToken: undefined,
      idTokenUrl: undefined,
      idTokenToken: undefined,
      cacheMode: "write",
    }),
    actions: () => ({ fetch: (uses) => Promise.reject(new Error(`the scripted runner does not fetch ${uses}`)) }),
    machine: ({ name, hosted }) => ({
      name,
      os: "Linux",
      arch: "X64",
      environment: hosted ? "github-hosted" : "self-hosted",
      directory: join(directory, "machines", name),
      env: { PATH: process.env["PATH"] ?? "", HOME: directory },
    }),
  });

  const as = (login: string): Caller => {
    const actor = world.accounts.get(login);
    if (actor === undefined) throw new Error(`the test server has no user ${login}`);
    return { actor, token: undefined };
  };

  async function runsStartedBy(act: () => unknown): Promise<readonly WorkflowRun[]> {
    const before = new Set(repository.actions.runs.keys());
    await act();
    await service.waitUntilIdle(repository);
    return [...repository.actions.runs.values()].filter((run) => !before.has(run.id));
  }

  return {
    world,
    service,
    runner,
    repository,
    as,
    runsStartedBy,
    push: (files, { branch = repository.defaultBranch, as: login = "alice", message = "Change files" } = {}) =>
      runsStartedBy(() => commitFiles(world, repository, { branch, files, message }, as(login))),
    async [Symbol.asyncDispose]() {
      await service.stop();
      world.clock.stop();
      for (const { git } of world.repositories.values()) git.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** `{ name: conclusion }` of the newest attempt, for jobs that have ended; their status for the others. */
export function jobResults(run: WorkflowRun | undefined): Readonly<Record<string, string>> {
  const jobs = run?.attempts.at(-1)?.jobs ?? [];
  return Object.fromEntries(jobs.map((job) => [job.name, job.conclusion ?? job.status]));
}

export function jobNamed(run: WorkflowRun | undefined, name: string): Job {
  const job = run?.attempts.at(-1)?.jobs.findLast((each) => each.name === name);
  if (job === undefined)
    throw new Error(`the run has no job "${name}", only ${Object.keys(jobResults(run)).join(", ")}`);
  return job;
}

/** The conclusion of the newest attempt, or its status: `success`, `in_progress` … */
export function runState(run: WorkflowRun | undefined): string {
  const attempt = run?.attempts.at(-1);
  return attempt?.conclusion ?? attempt?.status ?? "absent";
}

/** The text of a job's log. */
export const logText = (job: Job): string => job.log.map((line) => line.text).join("\n");
