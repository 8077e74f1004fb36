/** Runs a short program for its output. */
import { execFile } from "node:child_process";

const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * What a program prints on its standard output, trimmed; `undefined` when it is not installed, fails, prints more than
 * 1 MiB, or takes longer than `timeout` ms. Never through a shell.
 */
export function captureOutput(
  program: string,
  args: readonly string[],
  { cwd, timeout = 10_000 }: { readonly cwd?: string; readonly timeout?: number } = {},
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      program,
      [...args],
      {
        ...(cwd !== undefined && { cwd }),
        timeout,
        killSignal: "SIGKILL",
        maxBuffer: MAX_OUTPUT_BYTES,
        encoding: "utf8",
      },
      (error, stdout) => resolve(error ? undefined : stdout.trim()),
    );
  });
}
