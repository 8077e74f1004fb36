/** Runs a short program for its output. A training is supervised instead: `supervise-process.ts`. */
import { exec } from "@actions/exec";
import { killLeftChildren } from "./kill-left-children.ts";

export interface ShortCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** All variables it gets; those of this process unless given. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeout: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export type ShortCommandResult =
  /** `code` is null when a signal ended it. */
  | { readonly kind: "exited"; readonly code: number | null; readonly output: Buffer }
  | { readonly kind: "not-started"; readonly reason: string }
  | { readonly kind: "timed-out" }
  | { readonly kind: "too-much-output" };

/**
 * Never through a shell, and nothing it prints gets into the log. The time limit holds whatever the program does: it is
 * killed where that is possible, and one that hangs in the kernel is not waited for.
 *
 * @throws the signal's reason when it is aborted meanwhile
 */
export async function runShortCommand(command: ShortCommand): Promise<ShortCommandResult> {
  const { timeout, signal } = command;
  signal?.throwIfAborted();
  const ended = Promise.withResolvers<ShortCommandResult>();
  const timer = setTimeout(() => ended.resolve({ kind: "timed-out" }), timeout);
  const cancel = (): void => ended.reject(signal?.reason);
  signal?.addEventListener("abort", cancel, { once: true });
  let isLeft = true;
  const executed = execute(command, ended.resolve).finally(() => {
    isLeft = false;
  });
  try {
    return await Promise.race([ended.promise, executed]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
    if (isLeft) await killLeftChildren(command.program, command.args);
  }
}

/** How long output is waited for after the program has ended: what it left in the background may hold the pipe open. */
const DRAIN_MS = 1_000;

async function execute(
  { program, args, cwd, env, maxBytes }: ShortCommand,
  end: (result: ShortCommandResult) => void,
): Promise<ShortCommandResult> {
  const chunks: Buffer[] = [];
  let size = 0;
  const count = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > maxBytes) end({ kind: "too-much-output" });
  };
  const keep = (chunk: Buffer): void => {
    count(chunk);
    if (size <= maxBytes) chunks.push(chunk);
  };
  // Errors count, too: the toolkit keeps them in memory.
  const options = { silent: true, ignoreReturnCode: true, delay: DRAIN_MS, listeners: { stdout: keep, stderr: count } };
  try {
    // The toolkit takes the program out of a command line, in which quotes keep its spaces.
    const code = await exec(`"${program}"`, [...args], {
      ...options,
      ...(cwd !== undefined && { cwd }),
      ...(env && { env }),
    });
    return { kind: "exited", code, output: Buffer.concat(chunks) };
  } catch (error) {
    return { kind: "not-started", reason: error instanceof Error ? error.message : String(error) };
  }
}
