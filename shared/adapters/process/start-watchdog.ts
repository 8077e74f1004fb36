/** The side of the supervising process: it starts a watchdog for a program, and tells it what happens. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { listProcesses } from "./process-table.ts";
import type { ProcessTree, StopResult, StopSignal } from "./process-tree.ts";

/** What a watchdog needs to know. One JSON object a line, in this order; then the pipe is closed. */
export type WatchdogMessage =
  | {
      readonly kind: "watch";
      readonly tree: ProcessTree;
      readonly signal: StopSignal;
      /** Milliseconds. */
      readonly grace: number;
      /** Milliseconds from now. */
      readonly timeout: number;
    }
  /** The stop signal was sent: the watchdog waits, and kills after the grace period. */
  | { readonly kind: "asked"; readonly asked: readonly string[]; readonly grace: number }
  /** Nothing is left to watch. */
  | { readonly kind: "done" };

/** Which process it is. Plain data, so that it can be saved for a post step. */
export interface WatchdogId {
  readonly pid: number;
  readonly started: string;
}

export interface Watchdog {
  readonly id: WatchdogId;
  tell(message: Exclude<WatchdogMessage, { kind: "watch" }>): void;
}

/** What a watchdog did. */
export interface WatchdogReport {
  readonly stoppedAt: string;
  readonly end: StopResult;
}

export const reportPathOf = (tree: ProcessTree): string => `${tree.output}.stop.json`;

const POLL_INTERVAL_MS = 100;

/** Only what it is for; nothing of the job's. */
const NODE_OPTIONS = ["--max-old-space-size=64", "--max-semi-space-size=1", "--no-warnings"];

/**
 * @param entry absolute path of a script that calls `runWatchdog`
 * @throws Error when no process can be started
 */
export async function startWatchdog(
  entry: string,
  order: Omit<Extract<WatchdogMessage, { kind: "watch" }>, "kind">,
): Promise<Watchdog> {
  const child = spawn(process.execPath, [...NODE_OPTIONS, entry], {
    cwd: "/",
    env: { PATH: process.env["PATH"] ?? "" },
    // In a session of its own, and without the runner's pipes: whatever ends this process does not end it.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  await once(child, "spawn");
  const pid = pidOf(child);
  child.unref();
  const { stdin } = child;
  // It has ended, and this process supervises alone.
  stdin.on("error", () => undefined);
  const send = (message: WatchdogMessage): void => void stdin.write(`${JSON.stringify(message)}\n`);
  send({ kind: "watch", ...order });
  const started = (await listProcesses()).find((other) => other.pid === pid)?.started ?? "ended";
  return { id: { pid, started }, tell: send };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error("a process that was started has a pid");
  return pid;
}

/** `undefined` when it did nothing, or has not ended. */
export async function readWatchdogReport(tree: ProcessTree): Promise<WatchdogReport | undefined> {
  try {
    return JSON.parse(await readFile(reportPathOf(tree), "utf8")) as WatchdogReport;
  } catch {
    return undefined;
  }
}

/** Until it has stopped the program and ended, or for `ms` milliseconds. */
export async function waitForWatchdog({ pid, started }: WatchdogId, ms: number): Promise<void> {
  const isRunning = async (): Promise<boolean> =>
    (await listProcesses()).some((other) => other.pid === pid && other.started === started);
  const deadline = performance.now() + ms;
  while (performance.now() < deadline && (await isRunning())) await sleep(POLL_INTERVAL_MS);
}
