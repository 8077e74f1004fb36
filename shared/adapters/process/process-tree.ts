/** A program that this action started, with all that it started: which processes these are, and how to stop them. */
import { setTimeout as sleep } from "node:timers/promises";
import { chooseStopTargets } from "../../core/training/stop-targets.ts";
import { hasMark, listProcesses, type ProcessInfo, readSignalHandling } from "./process-table.ts";

/** Tells it from a later one with the same number. Plain data, so that it can be saved for a post step. */
export interface ProcessTree {
  /** The pid of its first process, which is the leader of a process group. */
  readonly leader: number;
  /** When the leader started, as `process-table.ts` reads it. */
  readonly started: string;
  /** The value of `MARKER` in its environment, which all that it starts inherits. */
  readonly marker: string;
  /** Absolute path of the file that its output goes to. */
  readonly output: string;
  /** A limit that all its processes have, and no others; `null` where none could be set. */
  readonly limit: number | null;
}

/** The variable by which a process is found that has left its group and lost its parent, where it has no limit. */
export const MARKER = "MLOPS_PROCESS_TREE";

/** Whether it ended by itself, had to be killed, or did not end after that either. */
export type StopResult = "exited" | "killed" | "stuck";
export type StopSignal = "SIGTERM" | "SIGINT" | "SIGUSR1";

/** Which processes were asked to stop: `pid:start`. */
export type AskedProcesses = Set<string>;

/** The tree of a leader that was just started. */
export async function readProcessTree(
  leader: number,
  marks: Pick<ProcessTree, "marker" | "output" | "limit">,
): Promise<ProcessTree> {
  const found = (await listProcesses()).find(({ pid }) => pid === leader);
  // It may have exited already: then no later leader is the right one, but what it left running is still in its group.
  return { leader, started: found?.started ?? "ended", ...marks };
}

/** The processes in it: the leader's group, those that have one of the marks, and what any of them has started. */
export async function listTree(tree: ProcessTree): Promise<readonly ProcessInfo[]> {
  const all = (await listProcesses()).filter(({ pid }) => pid !== process.pid);
  const leader = all.find(({ pid }) => pid === tree.leader);
  // The number is free again only when the whole group has exited: a leader with another start is another group.
  const isReused = leader !== undefined && leader.started !== tree.started;
  const members = new Set(isReused ? [] : all.filter(({ group }) => group === tree.leader));
  const childrenOf = Map.groupBy(all, ({ parent }) => parent);
  const addDescendants = (): void => {
    // A set goes on with what is added to it meanwhile.
    for (const member of members) for (const child of childrenOf.get(member.pid) ?? []) members.add(child);
  };
  addDescendants();
  const strangers = all.filter((other) => !members.has(other) && isLater(other, tree));
  const marks = { variable: `${MARKER}=${tree.marker}`, file: tree.output, limit: tree.limit };
  const marked = await Promise.all(strangers.map(({ pid }) => hasMark(pid, marks)));
  for (const [at, stranger] of strangers.entries()) if (marked[at] === true) members.add(stranger);
  addDescendants();
  return [...members];
}

/** Only what started after the leader can be its work; that spares looking into every process of the machine. */
const isLater = ({ started }: ProcessInfo, tree: ProcessTree): boolean =>
  process.platform === "linux" && !(Number(started) < Number(tree.started));

/** One round of asking: the signal goes to those who can save, and to nobody a second time. @returns who is left */
export async function askToStop(
  tree: ProcessTree,
  signal: StopSignal,
  asked: AskedProcesses,
): Promise<readonly ProcessInfo[]> {
  const members = await listTree(tree);
  const described = members.map(async (member) => ({ ...member, ...(await readSignalHandling(member.pid, signal)) }));
  const known = members.filter((member) => asked.has(idOf(member))).map(({ pid }) => pid);
  const earlier = asked.size === 0 ? undefined : { asked: new Set(known), leader: tree.leader };
  for (const target of chooseStopTargets(await Promise.all(described), earlier)) {
    const member = members.find(({ pid }) => pid === target.pid);
    if (member === undefined || asked.has(idOf(member))) continue;
    asked.add(idOf(member));
    send(member.pid, signal);
  }
  return members;
}

const idOf = ({ pid, started }: ProcessInfo): string => `${pid}:${started}`;

/** Asks until nobody is left. @returns whether that is so within `ms` */
export async function waitForStop(
  tree: ProcessTree,
  { signal, asked, ms }: { readonly signal: StopSignal; readonly asked: AskedProcesses; readonly ms: number },
): Promise<boolean> {
  return repeatUntilNone(() => askToStop(tree, signal, asked), ms);
}

/** Whether all of it exits by itself within `ms`. */
export const waitForExit = (tree: ProcessTree, ms: number): Promise<boolean> =>
  repeatUntilNone(() => listTree(tree), ms);

/**
 * Asks it to stop, waits `grace` ms, and kills what is left.
 *
 * @param asked who was asked before; those who are asked now are added
 */
export async function stopTree(
  tree: ProcessTree,
  { signal, grace, asked = new Set() }: { signal: StopSignal; grace: number; asked?: AskedProcesses },
): Promise<StopResult> {
  if (await waitForStop(tree, { signal, asked, ms: grace })) return "exited";
  const kill = async (): Promise<readonly ProcessInfo[]> => {
    const members = await listTree(tree);
    for (const { pid } of members) send(pid, "SIGKILL");
    return members;
  };
  // A process in an uninterruptible wait, for example for a lost network drive, ends only after that wait.
  return (await repeatUntilNone(kill, 5_000)) ? "killed" : "stuck";
}

async function repeatUntilNone(round: () => Promise<readonly ProcessInfo[]>, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  for (let pause = 20; ; pause = Math.min(pause * 1.5, 500)) {
    if ((await round()).length === 0) return true;
    const left = deadline - performance.now();
    if (left <= 0) return false;
    await sleep(Math.min(pause, left));
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It exited between the check and the signal, or became another user's: then it is among those who are left.
    if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
