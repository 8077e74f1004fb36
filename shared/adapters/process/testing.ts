/** A folder for real programs, and watching that only remembers: for tests of what runs them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProcessGroup } from "./process-group.ts";
import { listGroupMembers } from "./process-group.ts";
import { type ProcessResult, type ProcessSpec, superviseProcess } from "./supervise-process.ts";

export interface ProcessFixture extends AsyncDisposable {
  readonly directory: string;
  readonly output: string[];
  readonly heartbeats: number[];
  readonly groups: ProcessGroup[];
  /** Supervises a bash script; `cancelOn` cancels as soon as the script has printed that. */
  run(script: string, how?: Partial<ProcessSpec> & { readonly cancelOn?: string }): Promise<ProcessResult>;
}

export async function createProcessFixture(): Promise<ProcessFixture> {
  const directory = await mkdtemp(join(tmpdir(), "process-"));
  const shown: string[] = [];
  const beats: number[] = [];
  const groups: ProcessGroup[] = [];
  return {
    directory,
    output: shown,
    heartbeats: beats,
    groups,
    async run(script, { cancelOn, ...order } = {}) {
      const file = join(directory, `script-${groups.length}.sh`);
      await writeFile(file, script);
      const cancelled = new AbortController();
      const show = (text: string): void => {
        shown.push(text);
        if (cancelOn !== undefined && text.includes(cancelOn)) cancelled.abort();
      };
      return superviseProcess(
        {
          program: "bash",
          args: ["-eo", "pipefail", file],
          cwd: directory,
          env: { PATH: process.env["PATH"] ?? "" },
          output: join(directory, `output-${groups.length}.log`),
          ...{ timeout: 20_000, stopSignal: "SIGTERM", grace: 5_000 },
          ...order,
        },
        {
          onStart: (g) => groups.push(g),
          onOutput: show,
          onHeartbeat: ({ lines }) => beats.push(lines),
          heartbeatIntervalMs: 50,
        },
        cancelled.signal,
      );
    },
    async [Symbol.asyncDispose]() {
      for (const group of groups) if ((await listGroupMembers(group)).length > 0) process.kill(-group.id, "SIGKILL");
      await rm(directory, { recursive: true, force: true });
    },
  };
}
