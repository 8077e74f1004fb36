/** What a short program prints. */
import { runShortCommand } from "./run-short-command.ts";

const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * What a program prints on its standard output, trimmed; `undefined` when it is not installed, fails, prints more than
 * 1 MiB, or takes longer than `timeout` ms.
 */
export async function captureOutput(
  program: string,
  args: readonly string[],
  { cwd, timeout = 10_000 }: { readonly cwd?: string; readonly timeout?: number } = {},
): Promise<string | undefined> {
  const command = { program, args, timeout, maxBytes: MAX_OUTPUT_BYTES, ...(cwd !== undefined && { cwd }) };
  const result = await runShortCommand(command);
  return result.kind === "exited" && result.code === 0 ? result.output.toString("utf8").trim() : undefined;
}
