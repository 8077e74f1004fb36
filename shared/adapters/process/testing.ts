/** A folder for real programs, and watching that only remembers: for tests of what runs them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProcessGroup } from "./process-group.ts";
import { livingIn } from "./process-group.ts";
import { type Ended, type Order, supervise } from "./supervise.ts";

export interface Workbench extends AsyncDisposable {
  readonly directory: string;
  readonly shown: string[];
  readonly beats: number[];
  readonly groups: ProcessGroup[];
  /** Supervises a bash script; `cancelOn` cancels as soon as the script has printed that. */
  run(script: string, how?: Partial<Order> & { readonly cancelOn?: string }): Promise<Ended>;
}

export async function workbench(): Promise<Workbench> {
  const directory = await mkdtemp(join(tmpdir(), "process-"));
  const shown: string[] = [];
  const beats: number[] = [];
  const groups: ProcessGroup[] = [];
  return {
    directory,
    shown,
    beats,
    groups,
    async run(script, { cancelOn, ...order } = {}) {
      const file = join(directory, `script-${groups.length}.sh`);
      await writeFile(file, script);
      const cancelled = new AbortController();
      const show = (text: string): void => {
        shown.push(text);
        if (cancelOn !== undefined && text.includes(cancelOn)) cancelled.abort();
      };
      return supervise(
        {
          program: "bash",
          args: ["-eo", "pipefail", file],
          cwd: directory,
          env: { PATH: process.env["PATH"] ?? "" },
          output: join(directory, `output-${groups.length}.log`),
          ...{ timeout: 20_000, stopSignal: "SIGTERM", grace: 5_000 },
          ...order,
        },
        { began: (g) => groups.push(g), show, heartbeat: ({ lines }) => beats.push(lines), heartbeatEvery: 50 },
        cancelled.signal,
      );
    },
    async [Symbol.asyncDispose]() {
      for (const group of groups) if ((await livingIn(group)).length > 0) process.kill(-group.id, "SIGKILL");
      await rm(directory, { recursive: true, force: true });
    },
  };
}
