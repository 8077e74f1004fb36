/** Runs one long program and stays in charge of it until it has ended, or until somebody else must take over. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { userError } from "../../problem/problem.ts";
import { followOutput, type OutputFollower } from "./follow-output.ts";
import {
  type ProcessGroup,
  readProcessGroup,
  type StopSignal,
  signalGroup,
  terminateGroup,
  waitForGroupExit,
} from "./process-group.ts";

export interface ProcessSpec {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of a new file that gets all it prints: a pipe would end with us, and the program with the pipe. */
  readonly output: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly stopSignal: StopSignal;
  /** What it gets to save and end after the signal, in milliseconds. */
  readonly grace: number;
}

export interface ProcessObserver {
  /** The group, as soon as it is there: whatever happens to us, somebody must know it. */
  readonly onStart: (group: ProcessGroup) => void;
  readonly onOutput: (text: string) => void;
  readonly onHeartbeat: (progress: ProcessProgress) => void;
  /** Milliseconds between heartbeats. */
  readonly heartbeatIntervalMs: number;
}

export interface ProcessProgress {
  /** Milliseconds since the start. */
  readonly runningMs: number;
  readonly lines: number;
  /** Milliseconds since it last printed something. */
  readonly silentMs: number;
}

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
}

export type ProcessResult =
  | { readonly kind: "exited"; readonly exit: ExitStatus }
  | { readonly kind: "timed-out"; readonly exit: ExitStatus }
  /** Told to stop. `left` lives on and is for a post step to wait for; `shown` is how much of its output was shown. */
  | {
      readonly kind: "cancelled";
      readonly exit: ExitStatus;
      readonly survivingGroup: ProcessGroup | undefined;
      readonly shownBytes: number;
    };

/** After a cancellation the entry process is to end within a second, or the runner kills the training with it. */
const CANCEL_WAIT_MS = 600;
/** A timer set for longer fires at once; a job on a self-hosted runner ends after 5 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const UNKNOWN_EXIT: ExitStatus = { code: null, signal: null };

/** @throws ActionError `program-missing`, or `platform-unsupported` where there are no process groups */
export async function superviseProcess(
  order: ProcessSpec,
  watching: ProcessObserver,
  cancelled: AbortSignal,
): Promise<ProcessResult> {
  const { child, group } = await startProcess(order);
  watching.onStart(group);
  const ended = waitForExit(child);
  const following = await followOutput(order.output, { onLines: watching.onOutput });
  const pulse = startHeartbeat(following, watching);
  try {
    const first = await waitForOutcome(ended, order.timeout, cancelled);
    if (first === "cancelled") {
      await signalGroup(group, order.stopSignal);
      const gone = await waitForGroupExit(group, CANCEL_WAIT_MS);
      const exit = gone ? await ended : UNKNOWN_EXIT;
      return { kind: "cancelled", exit, survivingGroup: gone ? undefined : group, shownBytes: await following.stop() };
    }
    if (first === "timed-out") await terminateGroup(group, { signal: order.stopSignal, grace: order.grace });
    const exit = await ended;
    // What the program started and left behind would disturb the next job on this machine.
    await terminateGroup(group, { signal: "SIGTERM", grace: 2_000 });
    await following.stop();
    return { kind: first === "timed-out" ? "timed-out" : "exited", exit };
  } finally {
    clearInterval(pulse);
  }
}

async function startProcess(
  order: ProcessSpec,
): Promise<{ readonly child: ChildProcess; readonly group: ProcessGroup }> {
  if (process.platform === "win32") throw unsupported();
  await using output = await open(order.output, "ax");
  const child = spawn(order.program, order.args, {
    cwd: order.cwd,
    env: order.env,
    detached: true,
    stdio: ["ignore", output.fd, output.fd],
  });
  if (child.pid === undefined) {
    const [error] = (await once(child, "error")) as [NodeJS.ErrnoException];
    throw missing(order.program, error);
  }
  return { child, group: await readProcessGroup(child.pid) };
}

async function waitForExit(child: ChildProcess): Promise<ExitStatus> {
  if (child.exitCode !== null || child.signalCode !== null) return { code: child.exitCode, signal: child.signalCode };
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}

async function waitForOutcome(
  ended: Promise<ExitStatus>,
  timeout: number,
  cancelled: AbortSignal,
): Promise<"exited" | "timed-out" | "cancelled"> {
  if (cancelled.aborted) return "cancelled";
  const over = Promise.withResolvers<"timed-out" | "cancelled">();
  const timer = setTimeout(over.resolve, Math.min(timeout, MAX_TIMER_MS), "timed-out");
  const cancel = (): void => over.resolve("cancelled");
  cancelled.addEventListener("abort", cancel, { once: true });
  try {
    return await Promise.race([ended.then(() => "exited" as const), over.promise]);
  } finally {
    clearTimeout(timer);
    cancelled.removeEventListener("abort", cancel);
  }
}

function startHeartbeat(
  { progress }: OutputFollower,
  { onHeartbeat: heartbeat, heartbeatIntervalMs: heartbeatEvery }: ProcessObserver,
): NodeJS.Timeout {
  const start = performance.now();
  return setInterval(() => {
    const now = performance.now();
    heartbeat({ runningMs: now - start, lines: progress.lines, silentMs: now - progress.lastAt });
  }, heartbeatEvery);
}

const missing = (program: string, cause: NodeJS.ErrnoException): Error =>
  userError(
    {
      code: "program-missing",
      message: `${program} could not be started: ${cause.code ?? cause.message}`,
      fix: `Install ${program} on the runner, or use a runner that has it`,
    },
    cause,
  );

const unsupported = (): Error =>
  userError({
    code: "platform-unsupported",
    message: "Windows has no process groups, so a training there could not be stopped safely",
    fix: "Use a runner with Linux or macOS",
  });
