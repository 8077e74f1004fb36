/** The running processes, as the system lists them. */
import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { constants } from "node:os";
import { promisify } from "node:util";

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Its program's name, as `ps` shows it. */
  readonly name: string;
  /** When it started, in the system's own format; the same text for the same process. */
  readonly started: string;
}

/** All running processes. A zombie, which has exited and waits only for its parent to collect it, is left out. */
export async function listProcesses(): Promise<readonly ProcessInfo[]> {
  return process.platform === "linux" ? listFromProc() : listFromPs();
}

async function listFromProc(): Promise<readonly ProcessInfo[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(names.map(async (name) => parseStat(name, await readOf(name, "stat"))));
  return found.filter((member) => member !== undefined);
}

/** A process may exit after it was listed and before its file is read. */
const readOf = (pid: number | string, file: string): Promise<string> =>
  readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");

/** Fields of proc_pid_stat(5): 3 is the state, 4 the parent, 5 the group, 22 the start in clock ticks since boot. */
function parseStat(pid: string, stat: string): ProcessInfo | undefined {
  // The second field is the program's name in parentheses, which may contain spaces and parentheses itself.
  const end = stat.lastIndexOf(")");
  const name = stat.slice(stat.indexOf("(") + 1, end);
  const fields = stat.slice(end + 2).split(" ");
  const [state, parent, group] = fields;
  const started = fields[19];
  if (state === undefined || parent === undefined || group === undefined || started === undefined) return undefined;
  if (/^[ZXx]/.test(state)) return undefined;
  return { pid: Number(pid), parent: Number(parent), group: Number(group), name, started };
}

async function listFromPs(): Promise<readonly ProcessInfo[]> {
  const columns = ["pid", "ppid", "pgid", "stat", "lstart", "comm"].map((column) => `${column}=`).join(",");
  const { stdout } = await promisify(execFile)("ps", ["-axo", columns], { env: { LC_ALL: "C" } });
  return stdout.split("\n").flatMap((line) => {
    // `lstart` has five words: Fri Nov 27 05:00:00 2026.
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+((?:\S+\s+){4}\S+)\s+(.+?)\s*$/.exec(line);
    const [, pid, parent, group, state, started, program] = match ?? [];
    if (state === undefined || started === undefined || program === undefined || state.startsWith("Z")) return [];
    const name = program.slice(program.lastIndexOf("/") + 1);
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), name, started }];
  });
}

export interface SignalHandling {
  /** Whether it has a handler for the signal; `undefined` where the system does not tell. */
  readonly catches: boolean | undefined;
  readonly ignores: { readonly quit: boolean; readonly interrupt: boolean };
}

/** proc_pid_status(5): the signals it catches and ignores, as hexadecimal masks. */
export async function readSignalHandling(pid: number, signal: NodeJS.Signals): Promise<SignalHandling> {
  if (process.platform !== "linux") return { catches: undefined, ignores: { quit: false, interrupt: false } };
  const status = await readOf(pid, "status");
  const has = (field: string, name: NodeJS.Signals): boolean => {
    const mask = new RegExp(`^${field}:\\s*([0-9a-f]+)$`, "m").exec(status)?.[1] ?? "0";
    return (BigInt(`0x${mask}`) >> BigInt(constants.signals[name] - 1)) % 2n === 1n;
  };
  const ignores = { quit: has("SigIgn", "SIGQUIT"), interrupt: has("SigIgn", "SIGINT") };
  return { catches: has("SigCgt", signal), ignores };
}

/** By which a process is known however it was started, as far as the system tells: never on macOS. */
export interface ProcessMarks {
  /** It started with this variable: `NAME=value`. Another user's processes do not show it. */
  readonly variable: string;
  /** It can write to this file, an absolute path. Another user's processes do not show it. */
  readonly file: string;
  /** Its limit of uninterrupted real-time computing, in microseconds; `null`: not looked at. */
  readonly limit: number | null;
}

/** Whether it has one of them. */
export async function hasMark(pid: number, { variable, file, limit }: ProcessMarks): Promise<boolean> {
  if (process.platform !== "linux") return false;
  if (limit !== null && (await readOf(pid, "limits")).includes(`\n${LIMIT_LINE}${limit} `)) return true;
  return (await readOf(pid, "environ")).split("\0").includes(variable) || (await writesTo(pid, file));
}

/** proc_pid_limits(5): the name is padded to 26 characters; the soft limit follows. */
const LIMIT_LINE = "Max realtime timeout".padEnd(26);

/**
 * Sets the limit on processor time without a pause under real-time scheduling (getrlimit(2), RLIMIT_RTTIME), which has no
 * effect on anything else. What the process starts has it, too, whatever it changes besides, and only root could raise it.
 *
 * @param limit microseconds. @returns whether it is set: only where `prlimit` of util-linux is installed
 */
export async function setRealTimeLimit(pid: number, limit: number): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const set = promisify(execFile)("prlimit", ["--pid", String(pid), `--rttime=${limit}:${limit}`]);
  return set.then(
    () => true,
    () => false,
  );
}

async function writesTo(pid: number, file: string): Promise<boolean> {
  for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    if ((await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")) !== file) continue;
    // Who follows the output reads it. open(2): the last two bits are the access mode, 0 for reading.
    const flags = /^flags:\s*([0-7]+)$/m.exec(await readOf(pid, `fdinfo/${fd}`))?.[1] ?? "0";
    if (Number.parseInt(flags, 8) % 4 !== 0) return true;
  }
  return false;
}
