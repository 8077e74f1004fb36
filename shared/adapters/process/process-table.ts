/** The running processes with their groups, as the system lists them. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

export interface ProcessInfo {
  readonly pid: number;
  readonly group: number;
  /** When it started, in the system's own format; the same text for the same process. */
  readonly started: string;
}

/** All running processes. A zombie, which has exited and waits only for its parent to collect it, is left out. */
export async function listProcesses(): Promise<readonly ProcessInfo[]> {
  return process.platform === "linux" ? listFromProc() : listFromPs();
}

async function listFromProc(): Promise<readonly ProcessInfo[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(names.map(async (name) => parseStat(name, await readStat(name))));
  return found.filter((member) => member !== undefined);
}

/** A process may exit after it was listed and before its file is read. */
const readStat = (pid: string): Promise<string> => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");

/** Fields of proc_pid_stat(5): 3 is the state, 5 the group, 22 the start in clock ticks since boot. */
function parseStat(pid: string, stat: string): ProcessInfo | undefined {
  // The second field is the program's name in parentheses, which may contain spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, , group] = fields;
  const started = fields[19];
  if (state === undefined || group === undefined || started === undefined || /^[ZXx]/.test(state)) return undefined;
  return { pid: Number(pid), group: Number(group), started };
}

async function listFromPs(): Promise<readonly ProcessInfo[]> {
  const { stdout } = await promisify(execFile)("ps", ["-axo", "pid=,pgid=,stat=,lstart="], { env: { LC_ALL: "C" } });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, group, state, started] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    if (state === undefined || started === undefined || state.startsWith("Z")) return [];
    return [{ pid: Number(pid), group: Number(group), started }];
  });
}
