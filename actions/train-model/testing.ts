/** train-model in a real checkout: in this process, or its real entries as processes that a runner may signal. */
import { type ChildProcess, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inMemory } from "../../shared/records/testing.ts";
import { type TrainingRecord, trainingRecord } from "../../shared/records/training-record.ts";
import { type Play, type PlayedAction, playAction } from "../../test/fixture/play-action.ts";
import { type Files, type JobEvent, readFile, writeFiles } from "../../test/fixture/prepare-job.ts";
import { type SpawnedActionResult, spawnAction } from "../../test/fixture/spawn-action.ts";
import { connectWith } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

export interface TrainingScenario {
  /** The command, unless `inputs` has another. */
  readonly script: string;
  readonly inputs?: Play<typeof spec>["inputs"];
  /** Committed. */
  readonly files?: Files;
  /** Put into the workspace after the checkout. */
  readonly uncommittedFiles?: Files;
  /** Runs after the commit, before the uncommitted files are written. */
  readonly prepare?: (git: (...args: string[]) => string, write: (files: Files) => void) => unknown;
  readonly event?: JobEvent;
  readonly env?: Readonly<Record<string, string>>;
}

export interface TrainingFixture {
  readonly commit: string;
  /** In this process. */
  main(): Promise<PlayedAction<typeof spec>>;
  /** As a process. */
  spawnMain(): Promise<SpawnedActionResult>;
  /** As a process that gets a signal once its log contains a text. */
  interruptMain(at: string, signal: NodeJS.Signals): Promise<SpawnedActionResult & { exitMilliseconds: number }>;
  /** After a SIGSTOP. */
  continueMain(): void;
  /** As a process below a runner, which is killed once the log contains a text. */
  killRunner(at: string): Promise<void>;
  /** As a process, with the state that the main step saved. Called with its whole log whenever it has printed something. */
  post(onLog?: (log: string) => void): Promise<SpawnedActionResult>;
  readonly record: TrainingRecord;
  /** Text of a file in the workspace; empty when there is none. */
  read(path: string): string;
  write(path: string, content: string): void;
  remove(path: string): void;
}

export function createFixture({
  script,
  files,
  uncommittedFiles,
  prepare,
  event,
  ...scenario
}: TrainingScenario): TrainingFixture {
  const workspace = mkdtempSync(join(tmpdir(), "checkout-"));
  writeFiles(workspace, { "README.md": "A model.\n", ...files });
  const commit = commitAll(workspace);
  prepare?.(gitIn(workspace), (changed) => writeFiles(workspace, changed));
  writeFiles(workspace, uncommittedFiles ?? {});
  const job = {
    workspace,
    event: event ?? { name: "workflow_dispatch" },
    inputs: { command: script, metrics: "metrics.json", timeout: "20s", grace: "5s", ...scenario.inputs },
    env: { RUNNER_ENVIRONMENT: "self-hosted", ACTIONS_RUNTIME_TOKEN: "of the runtime", ...scenario.env },
  };
  let state: SpawnedActionResult["state"] = {};
  let main: ChildProcess | undefined;
  return {
    commit,
    main: () => playAction(spec, run, (given, env) => connectWith(env)(given), job),
    spawnMain: () => spawnAction(entry("main.ts"), job),
    async interruptMain(at, signal) {
      let interrupted: number | undefined;
      const ended = await spawnAction(entry("main.ts"), {
        ...job,
        onOutput(child, log) {
          main = child;
          if (interrupted !== undefined || !log.includes(at)) return;
          interrupted = performance.now();
          child.kill(signal);
        },
      });
      state = ended.state;
      return { ...ended, exitMilliseconds: performance.now() - (interrupted ?? 0) };
    },
    continueMain: () => void main?.kill("SIGCONT"),
    async killRunner(at) {
      await spawnAction(entry("main.ts"), {
        ...job,
        nodeOptions: ["-e", RUNNER],
        onOutput: (runner, log) => log.includes(at) && runner.kill("SIGKILL"),
      });
    },
    post: (onLog) => spawnAction(entry("post.ts"), { ...job, state, onOutput: (_, log) => onLog?.(log) }),
    write: (path, content) => writeFiles(workspace, { [path]: content }),
    remove: (path) => rmSync(join(workspace, path)),
    get record() {
      return inMemory(trainingRecord).parse(JSON.parse(readFile(workspace, "training-record.json")));
    },
    read: (path) => readFile(workspace, path),
  };
}

/** Starts an action and reads its output, as a runner does; in a group of its own, so that only the runner is killed. */
const RUNNER = `const { spawn } = require("node:child_process");
const action = spawn(process.execPath, [process.argv[1]], { detached: true, stdio: ["ignore", "pipe", "pipe"] });
action.stdout.pipe(process.stdout);
action.stderr.pipe(process.stdout);`;

const entry = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const gitIn =
  (workspace: string) =>
  (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      cwd: workspace,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();

function commitAll(workspace: string): string {
  const git = gitIn(workspace);
  git("init", "--quiet", "--template=");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Begin");
  return git("rev-parse", "HEAD");
}
