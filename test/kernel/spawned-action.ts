/** Runs an action's entry as a runner does: a process with variables, file commands and a workspace. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Ended {
  readonly code: number | null;
  readonly log: string;
  /** What stands in `GITHUB_OUTPUT`, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly milliseconds: number;
}

export interface Start {
  readonly inputs?: Readonly<Record<string, string>>;
  /** Variables on top of what a runner sets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  /** Called with the process when it has printed something. */
  readonly onOutput?: (child: ChildProcess) => void;
}

/** @param entry path of the JavaScript (or TypeScript) that `action.yml` names */
export function spawnAction(entry: string, start: Start = {}): Promise<Ended> {
  const temp = mkdtempSync(join(tmpdir(), "spawned-action-"));
  const file = (name: string, text = ""): string => {
    writeFileSync(join(temp, name), text);
    return join(temp, name);
  };
  const [output, summary] = [file("output"), file("summary.md")];
  const began = performance.now();
  const child = spawn(process.execPath, [...(start.nodeOptions ?? []), entry], {
    cwd: temp,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      GITHUB_ACTIONS: "true",
      GITHUB_REPOSITORY: "octo/model",
      GITHUB_EVENT_NAME: "push",
      GITHUB_EVENT_PATH: file("event.json", "{}"),
      GITHUB_SHA: "a".repeat(40),
      GITHUB_RUN_ID: "7",
      GITHUB_WORKSPACE: temp,
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_STATE: file("state"),
      ...Object.fromEntries(Object.entries(start.inputs ?? {}).map(([name, text]) => [inputVariable(name), text])),
      ...start.env,
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      start.onOutput?.(child);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({
        code,
        log,
        outputs: readOutputs(readFileSync(output, "utf8")),
        summary: readFileSync(summary, "utf8"),
        milliseconds: performance.now() - began,
      }),
    );
  });
}

/** As the runner names it (actions/runner, `INPUT_` and upper case, blanks to underscores). */
const inputVariable = (name: string): string => `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;

function readOutputs(text: string): Record<string, string> {
  const found = text.matchAll(/^([^\s<=]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm);
  return Object.fromEntries([...found].map(([, name = "", , value = ""]) => [name, value]));
}
