import { describe, expect, test } from "vitest";
import { readKernelMessages, readUptime, selectKernelMessages } from "./kernel-messages.ts";
import { readOomKills } from "./oom-kills.ts";

describe.runIf(process.platform === "linux")("on Linux", () => {
  test("the counter of killed processes is a whole number", async () => {
    expect(await readOomKills()).toSatisfy(Number.isInteger);
  });

  test("the machine has been up for a while, and nothing of the future was said", async () => {
    const uptime = await readUptime();
    expect(uptime).toBeGreaterThan(0);
    expect(await readKernelMessages((uptime ?? 0) + 3_600)).toEqual([]);
  });
});

test("only what was said about GPUs and memory since the start counts", () => {
  const text = [
    "[   10.1] NVRM: Xid (PCI:0000:65:00): 79, pid=1, GPU has fallen off the bus.",
    "[ 1992.179158] python3[29790]: segfault at 0 ip 00007f6a1bf92ad8",
    "[ 2000.5] Memory cgroup out of memory: Killed process 4711 (python) total-vm:1kB",
    "<3>[ 2001.5] NVRM: Xid (PCI:0000:65:00): 31, pid=4711, name=python",
    "NVRM: Xid without a time",
  ].join("\n");
  expect(selectKernelMessages(text, 1_990)).toEqual([
    "[ 2000.5] Memory cgroup out of memory: Killed process 4711 (python) total-vm:1kB",
    "<3>[ 2001.5] NVRM: Xid (PCI:0000:65:00): 31, pid=4711, name=python",
  ]);
});
