/** Runs git in a checkout folder, with its output in the step's log. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuiltinContext } from "../../runner/job.ts";

export interface GitCommand {
  /** Git's output, trimmed. @throws Error with git's own message when it fails. */
  run(...args: readonly string[]): Promise<string>;
  /** The same; `undefined` when it fails. */
  tryRun(...args: readonly string[]): Promise<string | undefined>;
  dispose(): Promise<void>;
}

export interface GitCommandOptions extends BuiltinContext {
  readonly folder: string;
  readonly temp: string;
  /** Declare the folder safe although another user may own it, in a temporary global configuration. */
  readonly safe: boolean;
}

export async function createGitCommand({
  folder,
  temp,
  safe,
  env,
  log,
  signal,
}: GitCommandOptions): Promise<GitCommand> {
  const home = join(temp, randomUUID());
  const variables = { ...env, GIT_TERMINAL_PROMPT: "0", ...(safe ? { HOME: home } : {}) };

  async function execute(
    args: readonly string[],
    shown: boolean,
  ): Promise<{ code: number; output: string; errorOutput: string }> {
    if (shown) log(`[command]git ${args.join(" ")}`);
    const child = spawn("git", args, { cwd: folder, env: variables, stdio: ["ignore", "pipe", "pipe"], signal });
    const output: string[] = [];
    const errorOutput: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => errorOutput.push(text));
    const [code] = (await once(child, "close")) as [number | null];
    return { code: code ?? 1, output: output.join("").trim(), errorOutput: errorOutput.join("").trim() };
  }

  async function run(...args: readonly string[]): Promise<string> {
    const { code, output, errorOutput } = await execute(args, true);
    for (const line of [output, errorOutput].flatMap((text) => text.split(/[\r\n]+/))) if (line !== "") log(line);
    if (code === 0) return output;
    const reason = errorOutput.split("\n").at(-1);
    throw new Error(`The process 'git' failed with exit code ${code}${reason ? `: ${reason}` : ""}`);
  }

  if (safe) {
    await mkdir(home, { recursive: true });
    const own = await readFile(join(env["HOME"] ?? home, ".gitconfig"), "utf8").catch(() => "");
    await writeFile(join(home, ".gitconfig"), `${own}\n[safe]\n\tdirectory = ${JSON.stringify(folder)}\n`);
  }
  return {
    run,
    async tryRun(...args) {
      const { code, output } = await execute(args, false);
      return code === 0 ? output : undefined;
    },
    dispose: () => rm(home, { recursive: true, force: true }),
  };
}
