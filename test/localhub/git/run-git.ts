/** Starts `git` with an environment without the machine's or the user's git configuration. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { devNull } from "node:os";

export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitOptions {
  readonly input?: string | Uint8Array;
  /** The exit codes to return; any other is an error. Only zero by default. */
  readonly codes?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The environment of a `git` process: the machine's `PATH`, none of its git settings, messages in English. */
export function gitEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  return {
    ...Object.fromEntries(inherited),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_DEFAULT_HASH: "sha1",
    GIT_DEFAULT_REF_FORMAT: "files",
    LC_ALL: "C",
    ...extra,
  };
}

/** Starts git on the repository at `directory` and leaves its streams to the caller. */
export function startGit(
  directory: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  return spawn("git", ["--git-dir", directory, ...args], {
    env: gitEnvironment(env),
    stdio: "pipe",
    windowsHide: true,
  });
}

/** Runs git on the repository at `directory`. @throws Error with git's own message when it exits with another code. */
export function runGit(directory: string, args: readonly string[], options: GitOptions = {}): Promise<GitOutput> {
  const codes = options.codes ?? [0];
  return new Promise((resolve, reject) => {
    const child = startGit(directory, args, options.env);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // git may exit before it has read everything; its exit code matters, not the broken pipe.
    child.stdin.on("error", () => {});
    child.on("error", (error) => reject(gitStartError(error)));
    child.on("close", (code) => {
      const output = {
        code: code ?? -1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString().trim(),
      };
      if (codes.includes(output.code)) resolve(output);
      else reject(new Error(`git ${args[0]} failed with exit code ${output.code} in ${directory}: ${output.stderr}`));
    });
    child.stdin.end(options.input);
  });
}

/** The lines of a command's output. */
export async function gitLines(directory: string, args: readonly string[], options?: GitOptions): Promise<string[]> {
  const { stdout } = await runGit(directory, args, options);
  return stdout.toString().split("\n").filter(Boolean);
}

export function gitStartError(error: Error): Error {
  const missing = "code" in error && error.code === "ENOENT";
  return missing ? new Error('there is no "git" on the PATH; install git 2.38 or newer', { cause: error }) : error;
}
