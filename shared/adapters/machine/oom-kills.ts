/** How many processes the kernel has killed because memory was out. */
import { readFile } from "node:fs/promises";

/**
 * Since the start of this process's cgroup, or where that has no counter, of the machine: only the difference of two readings
 * means something. `null` where the system does not tell.
 */
export async function readOomKills(): Promise<number | null> {
  const groups = await read("/proc/self/cgroup");
  const unified = /^0::(\/.*)$/m.exec(groups)?.[1] ?? "/";
  const memory = /^\d+:(?:[\w=,]+,)?memory(?:,[\w=,]+)?:(\/.*)$/m.exec(groups)?.[1] ?? "/";
  // In a container, the path may be that of the host, and the folder's root is the container's own.
  const files = [
    `/sys/fs/cgroup${unified}/memory.events`,
    "/sys/fs/cgroup/memory.events",
    `/sys/fs/cgroup/memory${memory}/memory.oom_control`,
    "/sys/fs/cgroup/memory/memory.oom_control",
    "/proc/vmstat",
  ];
  for (const file of files) {
    const count = /^oom_kill (\d{1,15})$/m.exec(await read(file))?.[1];
    if (count !== undefined) return Number(count);
  }
  return null;
}

const read = (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");
