/** The running processes of this machine, to find the descendants of a step. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** The process group; a step's entry process is the leader of one. */
  readonly group: number;
}

const execFileAsync = promisify(execFile);

/** Every process the operating system shows: from `/proc` on Linux, from `ps` elsewhere. */
export async function listProcesses(): Promise<readonly ProcessEntry[]> {
  return process.platform === "linux" ? listFromProc() : listFromPs();
}

/** The numbers of all processes; none where the system does not show their environments. */
export async function listPids(): Promise<readonly number[]> {
  if (process.platform !== "linux") return [];
  return (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** The name of a process's program, as `ps` shows it; empty when the process has ended. */
export async function processName(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trimEnd();
}

/** A variable of the environment a process was started with; `undefined` where it cannot be read. */
export async function environmentVariable(pid: number, name: string): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return text
    .split("\0")
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

async function listFromProc(): Promise<readonly ProcessEntry[]> {
  const pids = await listPids();
  const entries = await Promise.all(
    // A process may have ended before its file is read.
    pids.map(async (pid) => parseStat(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""))),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** proc(5): `pid (name) state ppid pgrp …`; the name may contain anything, also parentheses and spaces. */
function parseStat(stat: string): ProcessEntry | undefined {
  const [, pid, parent, group] = /^(\d+) \(.*\) \S+ (\d+) (-?\d+) /s.exec(stat) ?? [];
  if (pid === undefined || parent === undefined || group === undefined) return undefined;
  return { pid: Number(pid), parent: Number(parent), group: Number(group) };
}

async function listFromPs(): Promise<readonly ProcessEntry[]> {
  const { stdout } = await execFileAsync("ps", ["-Ao", "pid=,ppid=,pgid="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, group] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(line) ?? [];
    if (pid === undefined || parent === undefined || group === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group) }];
  });
}
