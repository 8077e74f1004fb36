/**
 * Kills the processes that a step started. Only processes that descend from a job of this runner are ever signalled.
 */
import { environmentVariable, listPids, listProcesses, type ProcessEntry, processName } from "./process-table.ts";

/** The variable by which the runner finds the processes of a job. */
export const TRACKING_VARIABLE = "RUNNER_TRACKING_ID";

/**
 * Kills `leader` and everything below it: its descendants, and the members of its process group that have lost their
 * parent. `leader` must have been started as the leader of its own group.
 */
export async function killTree(leader: number): Promise<void> {
  const members = membersOf(leader, await listProcesses());
  for (const { pid } of members) kill(pid);
}

export interface Orphan {
  readonly pid: number;
  readonly name: string;
}

/**
 * Kills the processes that have the job's tracking id and did not exist when the job started, and returns them.
 * Works on Linux only: on other systems a process cannot read another's environment.
 */
export async function killOrphans(trackingId: string, before: ReadonlySet<number>): Promise<readonly Orphan[]> {
  const orphans: Orphan[] = [];
  for (const pid of await listPids()) {
    if (before.has(pid) || pid === process.pid) continue;
    if ((await environmentVariable(pid, TRACKING_VARIABLE)) !== trackingId) continue;
    orphans.push({ pid, name: await processName(pid) });
    kill(pid);
  }
  return orphans;
}

function membersOf(leader: number, table: readonly ProcessEntry[]): readonly ProcessEntry[] {
  const members = new Map(table.filter(({ group }) => group === leader).map((e) => [e.pid, e]));
  for (let found = true; found; ) {
    const children = table.filter(({ pid, parent }) => members.has(parent) && !members.has(pid));
    for (const child of children) members.set(child.pid, child);
    found = children.length > 0;
  }
  return [...members.values()];
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has already ended.
  }
}
