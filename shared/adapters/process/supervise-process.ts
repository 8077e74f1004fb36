/** Runs one long program and supervises it until it has ended, or until a post step has to take over. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { followOutput, type OutputFollower, type OutputProgress } from "./follow-output.ts";
import {
  type AskedProcesses,
  askToStop,
  listTree,
  type ProcessTree,
  type StopSignal,
  stopTree,
  waitForExit,
  waitForStop,
} from "./process-tree.ts";
import { type ProgramSpec, startProcess } from "./start-process.ts";
import { readWatchdogReport, startWatchdog, type WatchdogId } from "./start-watchdog.ts";

export interface ProcessSpec extends ProgramSpec {
  /** Milliseconds. */
  readonly timeout: number;
  readonly stopSignal: StopSignal;
  /** Time to save and exit after the signal, in milliseconds. */
  readonly grace: number;
  /** The same after a cancellation, when the job has not much time left. */
  readonly graceAfterCancel: number;
  /** Absolute path of a script that calls `runWatchdog`. */
  readonly watchdog: string;
}

export interface ProcessObserver {
  /** Before the program begins: a post step must know it, whatever happens to this process. */
  readonly onStart: (tree: ProcessTree, watchdog: WatchdogId) => void;
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

/** A program that outlived the first one. */
export interface Survivor {
  readonly name: string;
  readonly pid: number;
  /** Not one of another user, for example. */
  readonly wasEnded: boolean;
}

export type ProcessResult = {
  readonly exit: ExitStatus;
  readonly survivors: readonly Survivor[];
} & (
  | { readonly kind: "exited" }
  | { readonly kind: "timed-out"; readonly stoppedAt: Date; readonly killed: boolean }
  /** A post step waits for the `survivingTree`, and shows the output from `shownBytes` on. */
  | {
      readonly kind: "cancelled";
      readonly stoppedAt: Date;
      readonly survivingTree: ProcessTree | undefined;
      /** Who got the stop signal. */
      readonly asked: readonly string[];
      readonly shownBytes: number;
    }
);

/** The times that tests replace, so that what a program prints decides what happens next, and not how fast it runs. */
export interface SupervisionClock {
  /** Calls `work` after so many milliseconds, unless disposed before. */
  readonly setTimer: (ms: number, work: () => void) => Disposable;
  /** How long to wait after a cancellation for the program to end, in milliseconds. */
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
/** What is about to end by itself, such as a helper that sees that its program has gone, does so within this time. */
const LINGER_MS = 500;
/** What the program left running has nothing to save. */
const SURVIVOR_GRACE_MS = 2_000;

/** @throws ActionError `program-missing`, or `platform-unsupported` where there are no process groups */
export async function superviseProcess(
  spec: ProcessSpec,
  observer: ProcessObserver,
  cancelled: AbortSignal,
  clock: SupervisionClock = realClock,
): Promise<ProcessResult> {
  const { child, tree, begin } = await startProcess(spec);
  const exited = waitForChild(child);
  const { stopSignal: signal, grace, timeout } = spec;
  const watchdog = await startWatchdog(spec.watchdog, { tree, signal, grace, timeout });
  const follower = await followOutput(spec.output, { onLines: observer.onOutput });
  const heartbeat = startHeartbeat(follower, observer);
  const asked: AskedProcesses = new Set();
  observer.onStart(tree, watchdog.id);
  begin();
  try {
    const kind = await waitForOutcome(exited, timeout, cancelled, clock);
    const stoppedAt = new Date();
    if (kind === "cancelled") {
      await askToStop(tree, signal, asked);
      watchdog.tell({ kind: "asked", asked: [...asked], grace: spec.graceAfterCancel });
      const isGone = await waitForStop(tree, { signal, asked, ms: clock.cancelWaitMs });
      if (isGone) watchdog.tell({ kind: "done" });
      const exit = isGone ? await exited : UNKNOWN_EXIT;
      const shownBytes = await follower.stop();
      const survivingTree = isGone ? undefined : tree;
      return { kind, exit, survivors: [], stoppedAt, survivingTree, asked: [...asked], shownBytes };
    }
    if (kind === "timed-out") {
      await askToStop(tree, signal, asked);
      watchdog.tell({ kind: "asked", asked: [...asked], grace });
      const end = await stopTree(tree, { signal, grace, asked });
      watchdog.tell({ kind: "done" });
      const exit = end === "stuck" ? UNKNOWN_EXIT : await exited;
      await follower.stop();
      return { kind, exit, survivors: [], stoppedAt, killed: end !== "exited" };
    }
    const exit = await exited;
    const survivors = await endSurvivors(tree);
    watchdog.tell({ kind: "done" });
    await follower.stop();
    const report = await readWatchdogReport(tree);
    // This process was held up, by a runner that no longer read its output: the watchdog has kept the time.
    if (report !== undefined)
      return {
        kind: "timed-out",
        exit,
        survivors,
        stoppedAt: new Date(report.stoppedAt),
        killed: report.end !== "exited",
      };
    return { kind, exit, survivors };
  } finally {
    clearInterval(heartbeat);
  }
}

/** What the program started and left running could change its results, and would disturb the next job on this machine. */
async function endSurvivors(tree: ProcessTree): Promise<readonly Survivor[]> {
  if (await waitForExit(tree, LINGER_MS)) return [];
  const survivors = await listTree(tree);
  const end = await stopTree(tree, { signal: "SIGTERM", grace: SURVIVOR_GRACE_MS });
  const left = new Set(end === "stuck" ? (await listTree(tree)).map(({ pid }) => pid) : []);
  return survivors.map(({ name, pid }) => ({ name, pid, wasEnded: !left.has(pid) }));
}

async function waitForChild(child: ChildProcess): Promise<ExitStatus> {
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
