/** What the kernel said about GPUs and memory. Often only an administrator may read it, and a container may not. */
import { readFile } from "node:fs/promises";
import { runShortCommand } from "../process/run-short-command.ts";

/** The kernel keeps some MB at most. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_MESSAGES = 200;
const ABOUT = /\bNVRM: |\bnvidia-|\bOut of memory|\bout of memory: |\boom-kill:/;

/** Seconds since the machine started; `null` where the system does not tell. */
export async function readUptime(): Promise<number | null> {
  const seconds = Number.parseFloat(await readFile("/proc/uptime", "utf8").catch(() => ""));
  return Number.isFinite(seconds) ? seconds : null;
}

/** The newest messages since a time. @param since seconds since the machine started; @returns none where they cannot be read */
export async function readKernelMessages(since: number): Promise<readonly string[]> {
  const result = await runShortCommand({ program: "dmesg", args: [], timeout: 5_000, maxBytes: MAX_BYTES });
  if (result.kind !== "exited" || result.code !== 0) return [];
  return selectKernelMessages(result.output.toString("utf8"), since);
}

export function selectKernelMessages(text: string, since: number): readonly string[] {
  const lines = text.split("\n").filter((line) => ABOUT.test(line) && secondsOf(line) >= since);
  return lines.slice(-MAX_MESSAGES);
}

/** `[ 1986.974143] text`, and on some systems with a level in front. */
const secondsOf = (line: string): number => Number(/^(?:<\d+>)?\[\s*(\d+\.\d+)\]/.exec(line)?.[1] ?? -1);
