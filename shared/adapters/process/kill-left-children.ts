/** The toolkit's `exec` gives no process id: what is not waited for any more is found by who started it, and with what. */
import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";

/**
 * Kills the children of this process that run this program with exactly these arguments. Does what it can: where there is
 * no /proc, and for a program that hangs in the kernel, the runner ends them with the job.
 */
export async function killLeftChildren(program: string, args: readonly string[]): Promise<void> {
  const names = await readdir("/proc").catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  await Promise.all(pids.map(async (pid) => (await isOurs(pid, program, args)) && kill(Number(pid))));
}

async function isOurs(pid: string, program: string, args: readonly string[]): Promise<boolean> {
  const [stat, command] = await Promise.all(
    ["stat", "cmdline"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "")),
  );
  // proc_pid_stat(5): the name in parentheses may contain anything; behind it are the state and the parent.
  const [, parent] = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  const words = command?.split("\0").slice(0, -1) ?? [];
  // A script is run by its interpreter, whose words come first.
  const [name = "", ...found] = words.slice(Math.max(0, words.length - args.length - 1));
  const isSame = basename(name) === basename(program) && JSON.stringify(found) === JSON.stringify(args);
  return isSame && Number(parent) === process.pid;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
