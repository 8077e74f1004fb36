/** Runs one long program and stays in charge of it until it has ended, or until somebody else must take over. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { mistake } from "../../action/problem.ts";
import { type Following, followOutput } from "./follow-output.ts";
import {
  endGroup,
  groupLedBy,
  isGoneWithin,
  type ProcessGroup,
  type StopSignal,
  signalGroup,
} from "./process-group.ts";

export interface Order {
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

export interface Watching {
  /** The group, as soon as it is there: whatever happens to us, somebody must know it. */
  readonly began: (group: ProcessGroup) => void;
  readonly show: (text: string) => void;
  readonly heartbeat: (progress: Progress) => void;
  /** Milliseconds between heartbeats. */
  readonly heartbeatEvery: number;
}

export interface Progress {
  /** Milliseconds since the start. */
  readonly running: number;
  readonly lines: number;
  /** Milliseconds since it last printed something. */
  readonly silent: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export type Ended =
  | { readonly kind: "exited"; readonly exit: Exit }
  | { readonly kind: "timed-out"; readonly exit: Exit }
  /** Told to stop. `left` lives on and is for a post step to wait for; `shown` is how much of its output was shown. */
  | {
      readonly kind: "cancelled";
      readonly exit: Exit;
      readonly left: ProcessGroup | undefined;
      readonly shown: number;
    };

/** After a cancellation the entry process is to end within a second, or the runner kills the training with it. */
const STAY_AFTER_CANCEL = 600;
/** A timer set for longer fires at once; a job on a self-hosted runner ends after 5 days. */
const LONGEST_TIMER = 2 ** 31 - 1;
const UNKNOWN: Exit = { code: null, signal: null };

/** @throws ActionFailure `program-missing`, or `platform-unsupported` where there are no process groups */
export async function supervise(order: Order, watching: Watching, cancelled: AbortSignal): Promise<Ended> {
  const { child, group } = await begin(order);
  watching.began(group);
  const ended = exitOf(child);
  const following = await followOutput(order.output, { show: watching.show });
  const pulse = beat(following, watching);
  try {
    const first = await firstOf(ended, order.timeout, cancelled);
    if (first === "cancelled") {
      await signalGroup(group, order.stopSignal);
      const gone = await isGoneWithin(group, STAY_AFTER_CANCEL);
      const exit = gone ? await ended : UNKNOWN;
      return { kind: "cancelled", exit, left: gone ? undefined : group, shown: await following.stop() };
    }
    if (first === "timed-out") await endGroup(group, { signal: order.stopSignal, grace: order.grace });
    const exit = await ended;
    // What the program started and left behind would disturb the next job on this machine.
    await endGroup(group, { signal: "SIGTERM", grace: 2_000 });
    await following.stop();
    return { kind: first === "timed-out" ? "timed-out" : "exited", exit };
  } finally {
    clearInterval(pulse);
  }
}

async function begin(order: Order): Promise<{ readonly child: ChildProcess; readonly group: ProcessGroup }> {
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
  return { child, group: await groupLedBy(child.pid) };
}

async function exitOf(child: ChildProcess): Promise<Exit> {
  if (child.exitCode !== null || child.signalCode !== null) return { code: child.exitCode, signal: child.signalCode };
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}

async function firstOf(
  ended: Promise<Exit>,
  timeout: number,
  cancelled: AbortSignal,
): Promise<"exited" | "timed-out" | "cancelled"> {
  if (cancelled.aborted) return "cancelled";
  const over = Promise.withResolvers<"timed-out" | "cancelled">();
  const timer = setTimeout(over.resolve, Math.min(timeout, LONGEST_TIMER), "timed-out");
  const cancel = (): void => over.resolve("cancelled");
  cancelled.addEventListener("abort", cancel, { once: true });
  try {
    return await Promise.race([ended.then(() => "exited" as const), over.promise]);
  } finally {
    clearTimeout(timer);
    cancelled.removeEventListener("abort", cancel);
  }
}

function beat({ progress }: Following, { heartbeat, heartbeatEvery }: Watching): NodeJS.Timeout {
  const start = performance.now();
  return setInterval(() => {
    const now = performance.now();
    heartbeat({ running: now - start, lines: progress.lines, silent: now - progress.lastAt });
  }, heartbeatEvery);
}

const missing = (program: string, cause: NodeJS.ErrnoException): Error =>
  mistake(
    {
      code: "program-missing",
      message: `${program} could not be started: ${cause.code ?? cause.message}`,
      fix: `Install ${program} on the runner, or use a runner that has it`,
    },
    cause,
  );

const unsupported = (): Error =>
  mistake({
    code: "platform-unsupported",
    message: "Windows has no process groups, so a training there could not be stopped safely",
    fix: "Use a runner with Linux or macOS",
  });
