/** Runs the scripts of this repository as processes, with few variables and a temporary folder of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const root = fileURLToPath(new URL("../..", import.meta.url));

type Variables = Readonly<Record<string, string>>;

export interface StartedProcess {
  readonly child: ChildProcess;
  /** Where it keeps what is temporary. */
  readonly temporaryFolder: string;
  /** Everything printed so far. */
  output(): string;
  /** Resolves when the output matches. @throws Error when it ends without. */
  waitForOutput(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<number | null>;
}

export interface ScriptResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const variables = (temporaryFolder: string): Variables => ({
  PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
  HOME: process.env["HOME"] ?? "",
  TMPDIR: temporaryFolder,
  NO_COLOR: "1",
  // npm keeps one in the temporary folder, for its next start.
  NODE_DISABLE_COMPILE_CACHE: "1",
});

/** A process in a group of its own, as a terminal starts one. Whatever is left of it goes with the test. */
export function startProcess(program: string, words: readonly string[]): StartedProcess {
  const temporaryFolder = mkdtempSync(join(tmpdir(), "script-"));
  const child = spawn(program, words, { cwd: root, detached: true, env: variables(temporaryFolder) });
  child.stdin.end();
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // It has ended, as it should.
    }
  });
  return {
    child,
    temporaryFolder,
    output: () => output,
    waitForOutput: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const match = pattern.exec(output);
          if (match !== null) resolve(match);
        };
        listeners.add(check);
        check();
        void ended.then(() => reject(new Error(`it ended without ${pattern}:\n${output}`)));
      }),
    ended,
  };
}

/** A script with Node, until it ends. */
export function runScript(
  path: string,
  words: readonly string[],
  { cwd = root, env = {} }: { readonly cwd?: string; readonly env?: Variables } = {},
): Promise<ScriptResult> {
  const temporaryFolder = mkdtempSync(join(tmpdir(), "script-"));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path, ...words], { cwd, env: { ...variables(temporaryFolder), ...env } });
    const texts = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        texts[name] += text;
      });
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...texts }));
  });
}
