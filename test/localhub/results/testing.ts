/**
 * A results service with one running job, and toolkit scripts that run like steps of that job, in a Node process of
 * their own.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAccount } from "../operations/people/accounts.ts";
import { createRepository } from "../operations/people/repositories.ts";
import { jobToken } from "../operations/people/tokens.ts";
import { addJobRecord, addRunRecord } from "../operations/testing.ts";
import type { Job, Repository, WorkflowRun } from "../world/repository.ts";
import { createWorld, type World } from "../world/world.ts";
import { type ResultsOptions, type ResultsService, startResultsService } from "./service.ts";

export interface TestResultsService extends AsyncDisposable {
  readonly world: World;
  readonly service: ResultsService;
  readonly repository: Repository;
  readonly run: WorkflowRun;
  /** A running job of `run` with `id-token: write`. */
  readonly job: Job;
  /** The variables that a runner sets for the job, in the folder `workspace`. */
  environment(workspace: string, job?: Job): Readonly<Record<string, string>>;
  /**
   * Runs an ES module with the variables that a runner sets for the job, in the folder `workspace`.
   * `send(value)` in the script reports a value; @returns the reported value and the output.
   */
  script(source: string, options?: ScriptOptions): Promise<ScriptResult>;
}

interface ScriptOptions {
  readonly job?: Job;
  /** The working folder; scripts with the same one share their files. */
  readonly workspace?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Kills the script as soon as this is printed, for clients that would retry for half a minute. */
  readonly until?: RegExp;
}

interface ScriptResult {
  // biome-ignore lint/suspicious/noExplicitAny: scripts report values of any type.
  readonly sent: any;
  readonly printed: string;
}

/**
 * Packages that scripts use without an import. Loading a toolkit package takes most of a script's time: only used ones.
 */
const PACKAGES: Readonly<Record<string, string>> = {
  "cache.": 'import * as cache from "@actions/cache";',
  "artifact.":
    'import { DefaultArtifactClient } from "@actions/artifact"; const artifact = new DefaultArtifactClient();',
  "core.": 'import * as core from "@actions/core";',
};

const PRELUDE = `
import { randomBytes, createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
const sha = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
const send = (value) => process.send(value);
`;

const preludeFor = (source: string): string =>
  Object.entries(PACKAGES)
    .filter(([use]) => source.includes(use))
    .map(([, load]) => load)
    .join("\n") + PRELUDE;

export async function startTestResultsService(options: ResultsOptions = {}): Promise<TestResultsService> {
  const directory = await mkdtemp(join(tmpdir(), "results-"));
  const world = createWorld({ directory });
  world.urls.api = "http://127.0.0.1:1";
  world.urls.html = "http://github.localhost";
  const owner = createAccount(world, { login: "acme", kind: "Organization" });
  const repository = await createRepository(world, { owner, name: "model" });
  const run = await addRunRecord(world, repository, createAccount(world, { login: "alice" }));
  const job = addJobRecord(world, run, { permissions: { id_token: "write" } });
  const service = await startResultsService(world, options);

  const environment: TestResultsService["environment"] = (workspace, as = job) =>
    variables(service.accessFor(as, jobToken(world, repository, as.id, as.permissions)), workspace);

  return {
    world,
    service,
    repository,
    run,
    job,
    environment,
    async script(source, { job: as, workspace = "work", env = {}, until } = {}) {
      const folder = join(directory, workspace);
      await mkdir(join(folder, "temp"), { recursive: true });
      return runToolkitScript(source, folder, { ...environment(folder, as), ...env }, until);
    },
    async [Symbol.asyncDispose]() {
      world.clock.stop();
      await service.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function variables(
  access: ReturnType<ResultsService["accessFor"]>,
  workspace: string,
): Readonly<Record<string, string>> {
  return {
    GITHUB_SERVER_URL: "http://github.localhost",
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: join(workspace, "temp"),
    ACTIONS_RESULTS_URL: access.resultsUrl,
    ACTIONS_RUNTIME_TOKEN: access.runtimeToken,
    ACTIONS_CACHE_SERVICE_V2: "true",
    ACTIONS_CACHE_MODE: access.cacheMode,
    ...(access.idTokenUrl !== undefined && { ACTIONS_ID_TOKEN_REQUEST_URL: access.idTokenUrl }),
    ...(access.idTokenToken !== undefined && { ACTIONS_ID_TOKEN_REQUEST_TOKEN: access.idTokenToken }),
  };
}

/** The packages are resolved from here, whatever the script's folder. */
const HERE = fileURLToPath(new URL(".", import.meta.url));

/**
 * Runs an ES module in a Node process of its own, with the toolkit packages it uses and only the variables `env`.
 * @throws Error with all that was printed when the script fails, unless `until` ended it.
 */
export async function runToolkitScript(
  source: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  until?: RegExp,
): Promise<ScriptResult> {
  const entry = `process.chdir(${JSON.stringify(cwd)});\n${preludeFor(source)}\n${source}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", entry], {
    cwd: HERE,
    // The cache package runs the tar and zstd of the machine.
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let sent: unknown;
  let printed = "";
  let ended = false;
  const onOutput = (chunk: Buffer): void => {
    printed += chunk.toString();
    if (!until?.test(printed)) return;
    ended = true;
    child.kill();
  };
  child.stdout?.on("data", onOutput);
  child.stderr?.on("data", onOutput);
  child.on("message", (value) => {
    sent = value;
  });
  const [code] = await once(child, "close");
  if (code !== 0 && !ended) throw new Error(`the script ended with ${code}:\n${printed}`);
  return { sent, printed };
}
