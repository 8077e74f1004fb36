/**
 * The watchdog's side: a small process that outlives the one that supervises a program. It holds a pipe; when that closes
 * without a word, because that process or its runner was killed, or when the time is up and nobody has acted, it stops the
 * program as its supervisor would have done: the signal, the grace period, the end.
 */
import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { type AskedProcesses, stopTree } from "./process-tree.ts";
import { reportPathOf, type WatchdogMessage, type WatchdogReport } from "./start-watchdog.ts";

/** The supervisor is given this much longer before its work is done for it, in milliseconds. */
const TIMEOUT_MARGIN_MS = 5_000;
/** The longest time of `setTimeout`; no job runs that long (GitHub: 5 days). */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Ends the process. */
export async function runWatchdog(): Promise<void> {
  // Whoever stops the job, or the machine, must not stop it before the program has saved.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
  let order: Extract<WatchdogMessage, { kind: "watch" }> | undefined;
  const asked: AskedProcesses = new Set();
  let grace = 0;
  let isDone = false;
  const timeUp = Promise.withResolvers<void>();
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    // Written by this program's own code on the other side.
    const message = JSON.parse(line) as WatchdogMessage;
    if (message.kind === "done") isDone = true;
    else grace = message.grace;
    if (message.kind === "asked") for (const id of message.asked) asked.add(id);
    if (message.kind !== "watch") return;
    order = message;
    setTimeout(timeUp.resolve, Math.min(message.timeout + TIMEOUT_MARGIN_MS, MAX_TIMER_MS));
  });
  await Promise.race([new Promise((closed) => lines.once("close", closed)), timeUp.promise]);
  if (order !== undefined && !isDone) {
    const stoppedAt = new Date().toISOString();
    const end = await stopTree(order.tree, { signal: order.signal, grace, asked });
    const report: WatchdogReport = { stoppedAt, end };
    // Its folder is removed with the job.
    await writeFile(reportPathOf(order.tree), JSON.stringify(report)).catch(() => undefined);
  }
  process.exit();
}
