/** Plays train-model in a real checkout: in this process, or as a runner does, its real entries as processes. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runAction } from "../../shared/action/run-action.ts";
import { fakeHost } from "../../shared/action/testing.ts";
import { type TrainingRecord, trainingRecord } from "../../shared/records/training-record.ts";
import { connectWith } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

export interface TrainingScenario {
  /** The command, unless `inputs` has another. */
  readonly script: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Committed beside it. */
  readonly files?: Readonly<Record<string, string>>;
  /** Put into the workspace after the checkout. */
  readonly uncommittedFiles?: Readonly<Record<string, string>>;
  readonly event?: { readonly name: string; readonly payload: object };
  readonly env?: Readonly<Record<string, string>>;
}

export interface MainResult {
  readonly code: number | null;
  readonly log: string;
  /** Milliseconds from the interruption to the end. */
  readonly exitMilliseconds: number;
}

export interface TrainingFixture extends Disposable {
  readonly workspace: string;
  readonly commit: string;
  /** In this process, with a runner on paper. */
  main(): Promise<Pick<MainResult, "code" | "log">>;
  /** As a process that the runner signals once its log holds a text. */
  interruptMain(at: string, signal: NodeJS.Signals): Promise<MainResult>;
  /** As a process, with the state that the main step left. */
  post(): Promise<MainResult>;
  readonly record: TrainingRecord;
  output(name: string): string;
  read(path: string): string;
}

/** What every training here is asked for, unless it says otherwise. */
const INPUTS = {
  ...{ params: "{}", metrics: "metrics.json", model: "", "data-report": "", record: "training-record.json" },
  ...{ timeout: "20s", "stop-signal": "SIGTERM", grace: "5s", "allow-forks": "false" },
};

export function createFixture(scene: TrainingScenario): TrainingFixture {
  const root = mkdtempSync(join(tmpdir(), "train-model-"));
  const workspace = join(root, "work");
  const temp = join(root, "temp");
  const put = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), text);
    }
  };
  mkdirSync(temp);
  put({ "README.md": "A model.\n", ...scene.files });
  const commit = commitAll(workspace);
  put(scene.uncommittedFiles ?? {});
  const outputs = new Map<string, string>();
  const file = (name: string): string => join(root, name);
  writeFileSync(file("event.json"), JSON.stringify(scene.event?.payload ?? {}));
  for (const name of ["output", "state", "summary"]) writeFileSync(file(name), "");

  const env = {
    ...{ PATH: process.env["PATH"] ?? "", HOME: root, RUNNER_TEMP: temp, RUNNER_ENVIRONMENT: "self-hosted" },
    ...{ GITHUB_REPOSITORY: "octo/model", GITHUB_EVENT_NAME: scene.event?.name ?? "workflow_dispatch" },
    ...{ GITHUB_EVENT_PATH: file("event.json"), GITHUB_SHA: "f".repeat(40), GITHUB_RUN_ID: "7" },
    ...{ GITHUB_WORKSPACE: workspace, GITHUB_OUTPUT: file("output"), GITHUB_STATE: file("state") },
    ...{ GITHUB_STEP_SUMMARY: file("summary"), ACTIONS_RUNTIME_TOKEN: "of the runtime", GITHUB_ACTOR: "alice" },
    ...inputEnv({ ...INPUTS, command: scene.script, ...scene.inputs }),
    ...scene.env,
  };

  async function play(
    entry: string,
    extra: object,
    interrupt?: { at: string; signal: NodeJS.Signals },
  ): Promise<MainResult> {
    const path = fileURLToPath(new URL(entry, import.meta.url));
    const child = spawn("node", [path], { cwd: workspace, env: { ...env, ...extra } });
    let log = "";
    let from = performance.now();
    const listen = (text: string): void => {
      const heard = interrupt !== undefined && !log.includes(interrupt.at);
      log += text;
      if (!heard || !log.includes(interrupt.at)) return;
      from = performance.now();
      child.kill(interrupt.signal);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", listen);
    const code = await waitForExit(child);
    return { code, log, exitMilliseconds: performance.now() - from };
  }

  return {
    workspace,
    commit,
    async main() {
      const host = fakeHost(env);
      await runAction(spec, run, connectWith(env), host);
      for (const [name, value] of host.outputs) outputs.set(name, value);
      return { code: host.exitCodes[0] ?? null, log: host.messages.join("\n") };
    },
    async interruptMain(at, signal) {
      const played = await play("main.ts", {}, { at, signal });
      for (const [name, value] of Object.entries(parseEnvironmentFile(file("output")))) outputs.set(name, value);
      return played;
    },
    post: () => {
      const saved = Object.entries(parseEnvironmentFile(file("state"))).map(([name, value]) => [
        `STATE_${name}`,
        value,
      ]);
      return play("post.ts", Object.fromEntries(saved));
    },
    get record() {
      return trainingRecord.parse(JSON.parse(readFileSync(join(workspace, "training-record.json"), "utf8")));
    },
    output: (name) => outputs.get(name) ?? "",
    read: (path) => (existsSync(join(workspace, path)) ? readFileSync(join(workspace, path), "utf8") : ""),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

async function waitForExit(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, "close")) as [number | null];
  return code;
}

const inputEnv = (inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

/** `name<<mark`, lines, `mark`: how values are written for the runner; the last of a name counts. */
function parseEnvironmentFile(path: string): Readonly<Record<string, string>> {
  const pairs = readFileSync(path, "utf8").matchAll(/^([\w-]+)<<(.+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...pairs].map(([, name, , value]) => [name ?? "", value ?? ""]));
}

function commitAll(workspace: string): string {
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      cwd: workspace,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  git("init", "--quiet", "--template=");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Begin");
  return git("rev-parse", "HEAD");
}
