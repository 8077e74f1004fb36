/**
 * Runs one process of a step as GitHub's runner does: with its output line by line, and its grace periods on
 * cancelling.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { createLineSplitter } from "../log/line-splitter.ts";
import type { Timing } from "../timing.ts";
import { killTree } from "./kill-tree.ts";

export interface ProcessRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Each line of either stream, as it comes. */
  readonly onLine: (line: string) => void;
  /** Starts the cancellation: SIGINT, then SIGTERM, then the kill of the tree. */
  readonly cancelled: AbortSignal;
  /** Ends the process tree at once. */
  readonly killed: AbortSignal;
  readonly timing: Timing;
}

/** A step was cancelled before it ended. */
export class OperationCancelledError extends Error {
  constructor() {
    super("The operation was canceled.");
    this.name = "OperationCancelledError";
  }
}

/**
 * The higher, the sooner Linux kills a step rather than the runner when memory is short (actions/runner,
 * `ProcessInvoker`).
 */
const OOM_SCORE = "500";

/**
 * The exit code; 128 plus the signal's number when a signal ended the process.
 * @throws OperationCancelledError when it was cancelled, however it ended; Error when it could not be started.
 */
export async function runProcess(request: ProcessRequest): Promise<number> {
  if (request.cancelled.aborted || request.killed.aborted) throw new OperationCancelledError();
  const child = spawn(request.file, request.args, {
    cwd: request.cwd,
    env: request.env,
    stdio: ["ignore", "pipe", "pipe"],
    // Its own group, so that a Ctrl-C in the local GitHub's terminal does not reach a step, and the tree can be found.
    detached: true,
  });
  const pid = child.pid ?? (await throwStartError(child, request));
  if (process.platform === "linux") {
    const score = request.env["PIPELINE_JOB_OOMSCOREADJ"] ?? OOM_SCORE;
    // May be forbidden, and the process may have ended already: neither is an error.
    writeFile(`/proc/${pid}/oom_score_adj`, score).catch(() => undefined);
  }

  const streams = [child.stdout, child.stderr].map((stream) => {
    const lines = createLineSplitter(request.onLine);
    stream.on("data", lines.write);
    return once(stream, "close").then(() => lines.end());
  });
  const exited = once(child, "exit") as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  const finished = finish();

  async function end(): Promise<void> {
    await killTree(pid);
    child.stdout.destroy();
    child.stderr.destroy();
  }

  /** Pipes that stay open after the exit are held by a background process, which gets only a short time. */
  async function finish(): Promise<number> {
    const [code, signal] = await exited;
    const closed = Promise.all(streams);
    if (!(await settlesWithin(closed, request.timing.openPipes))) await end();
    await closed;
    return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  }

  async function cancel(): Promise<void> {
    child.kill("SIGINT");
    if (await settlesWithin(finished, request.timing.interrupt)) return;
    child.kill("SIGTERM");
    if (await settlesWithin(finished, request.timing.terminate)) return;
    await end();
  }

  let cancelling: Promise<void> | undefined;
  const onCancelled = (): void => {
    cancelling = cancel();
  };
  const onKilled = (): void => void end();
  request.cancelled.addEventListener("abort", onCancelled, { once: true });
  request.killed.addEventListener("abort", onKilled, { once: true });
  try {
    const code = await finished;
    await cancelling;
    if (request.cancelled.aborted || request.killed.aborted) throw new OperationCancelledError();
    return code;
  } finally {
    request.cancelled.removeEventListener("abort", onCancelled);
    request.killed.removeEventListener("abort", onKilled);
  }
}

async function throwStartError(child: ChildProcess, { file, cwd }: ProcessRequest): Promise<never> {
  const [error] = (await once(child, "error")) as [Error];
  throw new Error(`cannot start '${file}' in '${cwd}': ${error.message}`);
}

/** Whether `promise` settles within `ms` milliseconds. */
async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
