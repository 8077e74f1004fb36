/**
 * Whom to ask to stop, so that a training can save. A signal for all at once kills the workers of a data loader, or the
 * `tee` behind a pipe, before the process that saves has seen it; and then it cannot save any more.
 */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** Its program's name. */
  readonly name: string;
  /** Whether it has a handler for the stop signal; `undefined` where the system does not tell. */
  readonly catches: boolean | undefined;
  /** A shell without job control starts with `&` what ignores both (POSIX, "Asynchronous Lists"); bash ignores SIGQUIT. */
  readonly ignores: { readonly quit: boolean; readonly interrupt: boolean };
}

const SHELLS = new Set(["ash", "bash", "busybox", "dash", "ksh", "mksh", "sh", "zsh"]);

/** Where handlers cannot be seen: what stands behind a pipe and has nothing to save. */
const FILTERS = new Set(["awk", "cat", "grep", "head", "sed", "sort", "tail", "tee", "tr", "ts"]);

/** Who was asked before, and is still there. */
export interface EarlierRound {
  readonly asked: ReadonlySet<number>;
  /** The pid of the first one that was started. */
  readonly leader: number;
}

/**
 * From the top down: on each branch the first process that catches the signal. It knows its children, and ends them. When
 * nobody does, all get it.
 *
 * To be called again while processes are left, because one that was asked may end and leave its children behind: then those
 * are asked, and when the leader has ended, too, all the others. What a script runs after the command that was asked, such
 * as an upload of what it saved, has the rest of the grace period. No process is asked twice, which could interrupt it while
 * it saves.
 */
export function chooseStopTargets(
  processes: readonly RunningProcess[],
  earlier?: EarlierRound,
): readonly RunningProcess[] {
  const pids = new Set(processes.map(({ pid }) => pid));
  const childrenOf = Map.groupBy(processes, ({ parent }) => parent);
  const chosen: RunningProcess[] = [];
  const visited = new Set<number>();

  function visit(member: RunningProcess): void {
    if (visited.has(member.pid)) return;
    visited.add(member.pid);
    if (earlier?.asked.has(member.pid)) return;
    const children = childrenOf.get(member.pid) ?? [];
    const catches = member.catches ?? !FILTERS.has(member.name);
    if (catches) chosen.push(member);
    if (!catches) children.forEach(visit);
    // A shell runs its trap only when the command that it waits for has ended (POSIX, "trap"): that one must hear it, too.
    else if (SHELLS.has(member.name)) children.filter((child) => isAwaited(child, member)).forEach(visit);
  }

  for (const member of processes)
    if (!pids.has(member.parent) && !(earlier && member.pid === earlier.leader)) visit(member);
  if (chosen.length > 0) return chosen;
  const isInCharge = earlier && processes.some(({ pid }) => pid === earlier.leader || earlier.asked.has(pid));
  return isInCharge ? [] : processes;
}

/** What a shell started with `&` is its trap's business; below a shell that was started so itself, that cannot be seen. */
const isAwaited = (child: RunningProcess, shell: RunningProcess): boolean =>
  !child.ignores.quit || shell.ignores.interrupt;
