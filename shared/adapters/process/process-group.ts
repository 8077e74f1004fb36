/** A process group that this action started: which processes are in it, and how to stop them. */
import { setTimeout as sleep } from "node:timers/promises";
import { listProcesses } from "./process-table.ts";

/** Tells a group from a later one with the same number. Plain data, so that it can be saved for a post step. */
export interface ProcessGroup {
  /** The pid of its leader. */
  readonly id: number;
  /** When its leader started, as `process-table.ts` reads it. */
  readonly started: string;
}

export type StopSignal = "SIGTERM" | "SIGINT" | "SIGUSR1";

/** The group of a leader that was just started. */
export async function readProcessGroup(pid: number): Promise<ProcessGroup> {
  const leader = (await listProcesses()).find((member) => member.pid === pid);
  // It may have exited already: then no later leader is the right one, but what it left running is still in its group.
  return { id: pid, started: leader?.started ?? "ended" };
}

/** The pids in it. Also empty when its number now belongs to another group. */
export async function listGroupMembers(group: ProcessGroup): Promise<readonly number[]> {
  const all = await listProcesses();
  const leader = all.find(({ pid }) => pid === group.id);
  // The number is free again only when the whole group has exited: a leader with another start is another group.
  if (leader !== undefined && leader.started !== group.started) return [];
  return all.filter((member) => member.group === group.id).map(({ pid }) => pid);
}

/** Sends a signal to the whole group; does nothing when it has exited. */
export async function signalGroup(group: ProcessGroup, signal: NodeJS.Signals): Promise<void> {
  if ((await listGroupMembers(group)).length === 0) return;
  try {
    process.kill(-group.id, signal);
  } catch (error) {
    // It exited between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Whether the group exits within `ms`. */
export async function waitForGroupExit(group: ProcessGroup, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  for (let pause = 20; ; pause = Math.min(pause * 1.5, 500)) {
    if ((await listGroupMembers(group)).length === 0) return true;
    const left = deadline - performance.now();
    if (left <= 0) return false;
    await sleep(Math.min(pause, left));
  }
}

/**
 * Sends the group a stop signal, waits `grace` ms, and kills what is left. With `alreadySignalled` it gets no second
 * signal: that could interrupt a program that is saving.
 *
 * @returns whether it exited by itself, had to be killed, or did not end within 5 s after that either
 */
export async function terminateGroup(
  group: ProcessGroup,
  how: { readonly signal: StopSignal; readonly grace: number; readonly alreadySignalled?: boolean },
): Promise<"exited" | "killed" | "stuck"> {
  if (!how.alreadySignalled) await signalGroup(group, how.signal);
  if (await waitForGroupExit(group, how.grace)) return "exited";
  await signalGroup(group, "SIGKILL");
  // A process in an uninterruptible wait, for example for a lost network drive, ends only after that wait.
  return (await waitForGroupExit(group, 5_000)) ? "killed" : "stuck";
}
