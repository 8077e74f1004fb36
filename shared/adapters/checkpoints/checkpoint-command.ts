/** Any store that a script can reach: a bucket, a shared drive, another machine. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { userError } from "../../problem/problem.ts";
import { stopTree } from "../process/process-tree.ts";
import { startProcess } from "../process/start-process.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";

export interface CheckpointCommandOptions {
  /** Lines of a bash script of the workflow's author; `$1` is `save`, `restore` or `discard`. */
  readonly script: string;
  readonly key: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of a folder for its output. */
  readonly temp: string;
  /** Milliseconds for each call. */
  readonly timeout: number;
}

/** Milliseconds that it may take to end after it was asked to. */
const GRACE = 1_000;
const SHOWN_CHARACTERS = 500;

export function openCheckpointCommand({
  script,
  key,
  cwd,
  env,
  temp,
  timeout,
}: CheckpointCommandOptions): CheckpointStore {
  /** @returns why it failed */
  async function call(verb: string, folder: string, signal?: AbortSignal): Promise<string | undefined> {
    const output = join(temp, `checkpoint-command-${randomUUID()}.log`);
    const started = await startProcess({
      program: "bash",
      args: ["--noprofile", "--norc", "-eo", "pipefail", "-c", script, "checkpoint-command", verb],
      env: { ...env, CHECKPOINT_KEY: key, CHECKPOINT_FOLDER: folder },
      ...{ cwd, output },
    });
    const limits = [AbortSignal.timeout(timeout), ...(signal ? [signal] : [])];
    try {
      const exited = once(started.child, "exit", { signal: AbortSignal.any(limits) });
      started.begin();
      const [code]: (number | null)[] = await exited;
      if (code === 0) return undefined;
      const said = (await readFile(output, "utf8").catch(() => "")).trim().slice(-SHOWN_CHARACTERS);
      return `"${verb}" of the checkpoint-command ended with ${code === null ? "a signal" : `exit code ${code}`}${said && `: ${said}`}`;
    } catch {
      return `"${verb}" of the checkpoint-command was stopped${signal?.aborted ? "" : ` after ${timeout / 60_000} minutes`}`;
    } finally {
      // Also what it has left in the background: that would write while the next call does.
      await stopTree(started.tree, { signal: "SIGTERM", grace: GRACE });
      await rm(output, { force: true });
    }
  }

  return {
    async restore(into) {
      const failed = await call("restore", into);
      if (failed === undefined) return;
      throw userError({
        code: "checkpoint-restore-failed",
        message: `whether this training has a checkpoint is not known: ${failed}`,
        fix: "Re-run the job once the store answers; without a checkpoint the script must end with 0 and leave $CHECKPOINT_FOLDER empty",
      });
    },
    save: (folder, signal) => call("save", folder, signal),
    discard: () => call("discard", ""),
  };
}
