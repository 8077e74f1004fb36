/** Runs one long program and supervises it until it has ended, or until a post step has to take over. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { userError } from "../../problem/problem.ts";
import { followOutput, type OutputFollower, type OutputProgress } from "./follow-output.ts";
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
  /** Absolute path of a new file for all its output: a pipe would end with this process, and the program with the pipe. */
  readonly output: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly stopSignal: StopSignal;
  /** Time to save and exit after the signal, in milliseconds. */
  readonly grace: number;
}

export interface ProcessObserver {
  /** The group, as soon as it exists: a post step must know it, whatever happens to this process. */
  readonly onStart: (group: ProcessGroup) => void;
  readonly onOutput: (text: string) => void;
  readonly onHeartbeat: (progress: ProcessProgress) => void;
  /** Milliseconds between heartbeats. */
  readonly heartbeatIntervalMs: number;
}

export interface ProcessProgress extends OutputProgress {
  /** Milliseconds since the start. */
  readonly runningMs: number;
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
  /** The group got the stop signal. A post step waits for `survivingGroup`, and shows the output from `shownBytes` on. */
  | {
      readonly kind: "cancelled";
      readonly exit: ExitStatus;
      readonly survivingGroup: ProcessGroup | undefined;
      readonly shownBytes: number;
    };

/** The times that tests replace, so that what a program prints decides what happens next, and not how fast it runs. */
export interface SupervisionClock {
  /** Calls `work` after so many milliseconds, unless disposed before. */
  readonly setTimer: (ms: number, work: () => void) => Disposable;
  /** How long to wait after a cancellation for the group to exit, in milliseconds. */
  readonly cancelWaitMs: number;
}

/** A timer set for longer fires at once; a job on a self-hosted runner ends after 5 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const realClock: SupervisionClock = {
  setTimer(ms, work) {
    const timer = setTimeout(work, Math.min(ms, MAX_TIMER_MS));
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  // The action's own process has to exit within a second, or the runner kills the training with it.
  cancelWaitMs: 600,
};

const UNKNOWN_EXIT: ExitStatus = { code: null, signal: null };

/** @throws ActionError `program-missing`, or `platform-unsupported` where there are no process groups */
export async function superviseProcess(
  spec: ProcessSpec,
  observer: ProcessObserver,
  cancelled: AbortSignal,
  clock: SupervisionClock = realClock,
): Promise<ProcessResult> {
  const { child, group } = await startProcess(spec);
  observer.onStart(group);
  const exited = waitForExit(child);
  const follower = await followOutput(spec.output, { onLines: observer.onOutput });
  const heartbeat = startHeartbeat(follower, observer);
  try {
    const kind = await waitForOutcome(exited, spec.timeout, cancelled, clock);
    if (kind === "cancelled") {
      await signalGroup(group, spec.stopSignal);
      const groupExited = await waitForGroupExit(group, clock.cancelWaitMs);
      const exit = groupExited ? await exited : UNKNOWN_EXIT;
      const shownBytes = await follower.stop();
      return { kind, exit, survivingGroup: groupExited ? undefined : group, shownBytes };
    }
    if (kind === "timed-out") await terminateGroup(group, { signal: spec.stopSignal, grace: spec.grace });
    const exit = await exited;
    // What the program started and left running would disturb the next job on this machine.
    await terminateGroup(group, { signal: "SIGTERM", grace: 2_000 });
    await follower.stop();
    return { kind, exit };
  } finally {
    clearInterval(heartbeat);
  }
}

async function startProcess(
  spec: ProcessSpec,
): Promise<{ readonly child: ChildProcess; readonly group: ProcessGroup }> {
  if (process.platform === "win32") throw platformUnsupported();
  await using output = await open(spec.output, "ax");
  const child = spawn(spec.program, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    detached: true,
    stdio: ["ignore", output.fd, output.fd],
  });
  if (child.pid === undefined) {
    const [error] = (await once(child, "error")) as [NodeJS.ErrnoException];
    throw programMissing(spec.program, error);
  }
  return { child, group: await readProcessGroup(child.pid) };
}

async function waitForExit(child: ChildProcess): Promise<ExitStatus> {
  if (child.exitCode !== null || child.signalCode !== null) return { code: child.exitCode, signal: child.signalCode };
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}

async function waitForOutcome(
  exited: Promise<ExitStatus>,
  timeout: number,
  cancelled: AbortSignal,
  clock: SupervisionClock,
): Promise<ProcessResult["kind"]> {
  if (cancelled.aborted) return "cancelled";
  const stopped = Promise.withResolvers<"timed-out" | "cancelled">();
  using _ = clock.setTimer(timeout, () => stopped.resolve("timed-out"));
  const cancel = (): void => stopped.resolve("cancelled");
  cancelled.addEventListener("abort", cancel, { once: true });
  try {
    return await Promise.race([exited.then(() => "exited" as const), stopped.promise]);
  } finally {
    cancelled.removeEventListener("abort", cancel);
  }
}

function startHeartbeat(
  { progress }: OutputFollower,
  { onHeartbeat, heartbeatIntervalMs }: ProcessObserver,
): NodeJS.Timeout {
  const start = performance.now();
  return setInterval(() => {
    const now = performance.now();
    onHeartbeat({ ...progress, runningMs: now - start, silentMs: now - progress.lastAt });
  }, heartbeatIntervalMs);
}

const programMissing = (program: string, cause: NodeJS.ErrnoException): Error =>
  userError(
    {
      code: "program-missing",
      message: `${program} could not be started: ${cause.code ?? cause.message}`,
      fix: `Install ${program} on the runner, or use a runner that has it`,
    },
    cause,
  );

const platformUnsupported = (): Error =>
  userError({
    code: "platform-unsupported",
    message: "Windows has no process groups, so a training could not be stopped safely there",
    fix: "Use a runner with Linux or macOS",
  });
