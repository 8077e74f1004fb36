/** A process group that we started: who still lives in it, and how it is ended. */
import { setTimeout as sleep } from "node:timers/promises";
import { listProcesses } from "./process-table.ts";

/** What tells a group from a later one with the same number; plain data, so that a post step can be told. */
export interface ProcessGroup {
  /** The pid of its leader. */
  readonly id: number;
  /** When its leader began, as `process-table.ts` reads it. */
  readonly started: string;
}

export type StopSignal = "SIGTERM" | "SIGINT" | "SIGUSR1";

/** The group of a leader that was just started. */
export async function readProcessGroup(pid: number): Promise<ProcessGroup> {
  const leader = (await listProcesses()).find((member) => member.pid === pid);
  // It may have ended already; then no leader can be the right one, but those it left behind are still in its group.
  return { id: pid, started: leader?.started ?? "ended" };
}

/** The pids that live in it. Empty also when its number belongs to somebody else by now. */
export async function listGroupMembers(group: ProcessGroup): Promise<readonly number[]> {
  const all = await listProcesses();
  const leader = all.find(({ pid }) => pid === group.id);
  // The number is free again only when the whole group is gone: a leader with another start is a stranger.
  if (leader !== undefined && leader.started !== group.started) return [];
  return all.filter((member) => member.group === group.id).map(({ pid }) => pid);
}

/** Sends a signal to all of it; nothing happens when it is gone. */
export async function signalGroup(group: ProcessGroup, signal: NodeJS.Signals): Promise<void> {
  if ((await listGroupMembers(group)).length === 0) return;
  try {
    process.kill(-group.id, signal);
  } catch (error) {
    // Gone between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Whether the group is empty within `ms`. */
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
 * Asks the group to stop, waits `grace` ms, and kills what is left. `asked` says that it was signalled before: a second
 * signal would interrupt what is just being saved.
 *
 * @returns whether it went by itself, had to be killed, or could not even be killed within 5 s
 */
export async function terminateGroup(
  group: ProcessGroup,
  how: { readonly signal: StopSignal; readonly grace: number; readonly asked?: boolean },
): Promise<"exited" | "killed" | "stuck"> {
  if (!how.asked) await signalGroup(group, how.signal);
  if (await waitForGroupExit(group, how.grace)) return "exited";
  await signalGroup(group, "SIGKILL");
  // A process in an uninterruptible wait, for example on a lost network drive, obeys when that ends.
  return (await waitForGroupExit(group, 5_000)) ? "killed" : "stuck";
}
