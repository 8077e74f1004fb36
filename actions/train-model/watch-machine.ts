/** What the machine says while a training runs: the kernel's counter and messages. */
import { readKernelMessages, readUptime } from "../../shared/adapters/machine/kernel-messages.ts";
import { readOomKills } from "../../shared/adapters/machine/oom-kills.ts";
import type { MachineWatch } from "./run.ts";

export async function watchMachine(): Promise<MachineWatch> {
  const [killsBefore, startedAt] = await Promise.all([readOomKills(), readUptime()]);
  return {
    async end(failed) {
      const kills = failed ? await readOomKills() : null;
      return {
        oomKills: kills === null || killsBefore === null ? null : Math.max(0, kills - killsBefore),
        kernelMessages: failed && startedAt !== null ? await readKernelMessages(startedAt) : [],
        idleGpuSeconds: null,
        recoveryActions: [],
      };
    },
  };
}
