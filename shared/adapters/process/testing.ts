/** A folder for real programs, and an observer that records what they do: for tests of what runs them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ProcessTree, stopTree } from "./process-tree.ts";
import {
  type ProcessResult,
  type ProcessSpec,
  realClock,
  type SupervisionClock,
  superviseProcess,
} from "./supervise-process.ts";

export interface ProcessFixture extends AsyncDisposable {
  readonly directory: string;
  readonly output: string[];
  /** How many lines were shown at each heartbeat. */
  readonly heartbeats: number[];
  readonly trees: ProcessTree[];
  /** Supervises a bash script. */
  run(script: string, options?: ScriptOptions): Promise<ProcessResult>;
}

export interface ScriptOptions extends Partial<ProcessSpec>, Partial<Pick<SupervisionClock, "cancelWaitMs">> {
  /** Cancels as soon as the script has printed this. */
  readonly cancelOn?: string;
  /** Lets the script's time be up as soon as it has printed this. */
  readonly timeOutOn?: string;
  readonly onHeartbeat?: () => void;
}

/** The one of train-model, as a process of its own. */
const WATCHDOG = fileURLToPath(new URL("../../../actions/train-model/watchdog.ts", import.meta.url));
/** Only bounds a hang: on a busy machine a script may take seconds to start. */
export const HANG_LIMIT_MS = 20_000;

export async function createProcessFixture(): Promise<ProcessFixture> {
  const directory = await mkdtemp(join(tmpdir(), "process-"));
  const output: string[] = [];
  const heartbeats: number[] = [];
  const trees: ProcessTree[] = [];
  return {
    directory,
    output,
    heartbeats,
    trees,
    async run(script, { cancelOn, timeOutOn, onHeartbeat, cancelWaitMs = HANG_LIMIT_MS, ...spec } = {}) {
      const file = join(directory, `script-${trees.length}.sh`);
      await writeFile(file, script);
      const cancelled = new AbortController();
      const timedOut = Promise.withResolvers<void>();
      const onOutput = (text: string): void => {
        output.push(text);
        if (cancelOn !== undefined && text.includes(cancelOn)) cancelled.abort();
        if (timeOutOn !== undefined && text.includes(timeOutOn)) timedOut.resolve();
      };
      const setTimer: SupervisionClock["setTimer"] = (ms, work) => {
        void timedOut.promise.then(work);
        return realClock.setTimer(ms, work);
      };
      return superviseProcess(
        {
          program: "bash",
          args: ["-eo", "pipefail", file],
          cwd: directory,
          env: { PATH: process.env["PATH"] ?? "" },
          output: join(directory, `output-${trees.length}.log`),
          ...{ timeout: HANG_LIMIT_MS, stopSignal: "SIGTERM", grace: HANG_LIMIT_MS, graceAfterCancel: HANG_LIMIT_MS },
          watchdog: WATCHDOG,
          ...spec,
        },
        {
          onStart: (tree) => trees.push(tree),
          onOutput,
          onHeartbeat: ({ lines }) => {
            heartbeats.push(lines);
            onHeartbeat?.();
          },
          heartbeatIntervalMs: 50,
        },
        cancelled.signal,
        { setTimer, cancelWaitMs },
      );
    },
    async [Symbol.asyncDispose]() {
      for (const tree of trees) await stopTree(tree, { signal: "SIGTERM", grace: 0 });
      await rm(directory, { recursive: true, force: true });
    },
  };
}
