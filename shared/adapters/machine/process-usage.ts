/** What a program and all that it started use of memory and time, and which Python runs among them. Linux only. */
import { readdir, readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";

export interface ProcessUsage {
  /** Memory that is resident, added up over its processes: what they share counts for each. */
  readonly residentBytes: number;
  /** The most that one of them has ever had, also between two readings. */
  readonly highestBytes: number;
  /** Programs named like a Python interpreter. */
  readonly pythons: readonly number[];
}

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly pages: number;
  readonly name: string;
}

/** Linux counts in pages of 4 KiB on all machines that GitHub's runner has builds for, but for some ARM systems. */
const PAGE_BYTES = 4096;
/** `sysconf(_SC_CLK_TCK)` is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** @param leader the first process of a group; those that left the group count, too, while their parents live */
export async function readProcessUsage(leader: number): Promise<ProcessUsage> {
  const names = await readdir("/proc").catch(() => []);
  const entries = (await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readEntry))).filter(
    (entry) => entry !== undefined,
  );
  const own = findOwn(entries, leader);
  const peaks = await Promise.all(own.map(({ pid }) => readPeak(pid)));
  return {
    highestBytes: Math.max(0, ...peaks),
    residentBytes: own.reduce((pages, entry) => pages + entry.pages, 0) * PAGE_BYTES,
    pythons: own.filter(({ name }) => /^python[\d.]*$/.test(name)).map(({ pid }) => pid),
  };
}

function findOwn(entries: readonly Entry[], leader: number): readonly Entry[] {
  const children = Map.groupBy(entries, ({ parent }) => parent);
  const own = new Map(
    entries.filter(({ pid, group }) => pid === leader || group === leader).map((each) => [each.pid, each]),
  );
  for (const { pid } of own.values())
    for (const child of children.get(pid) ?? []) if (!own.has(child.pid)) own.set(child.pid, child);
  return [...own.values()];
}

/** Fields of proc_pid_stat(5), counted behind the name, which may contain anything: parent 4, group 5, resident pages 24. */
async function readEntry(pid: string): Promise<Entry | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const end = stat.lastIndexOf(")");
  const fields = stat.slice(end + 2).split(" ");
  if (fields.length < 22) return undefined;
  return {
    ...{ pid: Number(pid), parent: Number(fields[1]), group: Number(fields[2]), pages: Number(fields[21]) },
    name: stat.slice(stat.indexOf("(") + 1, end),
  };
}

/** `VmHWM` of proc_pid_status(5). */
async function readPeak(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmHWM:\s+(\d{1,12}) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Seconds of processor time of all programs that this process has started and waited for; `null` where that is not told. */
export async function readChildSeconds(): Promise<number | null> {
  const stat = await readFile("/proc/self/stat", "utf8").catch(() => "");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(13, 15)
    .map(Number);
  return user === undefined || system === undefined ? null : (user + system) / TICKS_PER_SECOND;
}

/** How an interpreter was started. */
export interface RunningPython {
  /** As it was written: `python`, `.venv/bin/python`. */
  readonly program: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Tools that install packages run in Python, too, and are no training. */
const INSTALLERS: ReadonlySet<string> = new Set(["pip", "pip3", "conda", "mamba", "poetry", "pipenv", "uv", "dvc"]);

/** @returns `undefined` when it has ended, or is an installer */
export async function readRunningPython(pid: number): Promise<RunningPython | undefined> {
  const [command, environment, folder] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
    readFile(`/proc/${pid}/environ`, "utf8").catch(() => ""),
    readlink(`/proc/${pid}/cwd`).catch(() => ""),
  ]);
  const [program = "", ...args] = command.split("\0");
  if (program === "" || folder === "" || args.slice(0, 2).some((arg) => INSTALLERS.has(basename(arg))))
    return undefined;
  const variables = environment.split("\0").flatMap((entry) => {
    const at = entry.indexOf("=");
    return at <= 0 ? [] : [[entry.slice(0, at), entry.slice(at + 1)] as const];
  });
  return { program, folder, env: Object.fromEntries(variables) };
}
