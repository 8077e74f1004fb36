/** Starts the command as a supervised program, and ends one that still runs after a cancellation. */
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ActionContext } from "../../shared/action/context.ts";
import type { Log } from "../../shared/action/log.ts";
import type { InputsOf } from "../../shared/action/spec.ts";
import { followOutput } from "../../shared/adapters/process/follow-output.ts";
import { stopTree } from "../../shared/adapters/process/process-tree.ts";
import { readWatchdogReport, waitForWatchdog } from "../../shared/adapters/process/start-watchdog.ts";
import { type ProcessProgress, superviseProcess } from "../../shared/adapters/process/supervise-process.ts";
import { graceAfterCancel } from "../../shared/core/training/grace-after-cancel.ts";
import { formatDuration } from "../../shared/core/training/polling.ts";
import type { PostState } from "../../shared/core/training/post-state.ts";
import { buildTrainingEnvironment } from "../../shared/core/training/training-environment.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

interface TrainPortOptions {
  readonly inputs: InputsOf<typeof spec>;
  readonly context: ActionContext;
  readonly log: Log;
  readonly env: NodeJS.ProcessEnv;
  /** One line for each GPU. */
  readonly gpuLoad: () => readonly string[];
  /** Absolute path of the watchdog's entry. */
  readonly watchdog: string;
}

const HEARTBEAT_INTERVAL = 30_000;
/** Milliseconds of a cancelled job's time that are kept for killing the training, and for other post steps. */
const RESERVE = 30_000;
/** How much longer than the grace period the watchdog may take to kill the training, in milliseconds. */
const WATCHDOG_MARGIN = 8_000;

export function createTrainPort({ inputs, context, log, env, watchdog, gpuLoad }: TrainPortOptions): Ports["train"] {
  return async (task, savePostState, signal) => {
    const stem = join(context.temp, `train-model-${randomUUID()}`);
    const [script, paramsFile, outputPath] = [`${stem}.sh`, `${stem}.params.json`, `${stem}.log`];
    await writeFile(script, `${inputs.command}\n`, { flag: "wx" });
    await writeFile(paramsFile, `${JSON.stringify(task.params)}\n`, { flag: "wx" });
    const deadline = new Date(Date.now() + inputs.timeout).toISOString();
    let postState: PostState | undefined;
    let silentMs = 0;
    const ended = await superviseProcess(
      {
        program: "bash",
        args: ["--noprofile", "--norc", "-eo", "pipefail", script],
        cwd: context.workspace,
        env: buildTrainingEnvironment(env, { ...task, paramsFile, deadline }, inputs.grant),
        output: outputPath,
        timeout: inputs.timeout,
        stopSignal: inputs["stop-signal"],
        grace: inputs.grace,
        graceAfterCancel: graceAfterCancel(inputs.grace, RESERVE),
        watchdog,
      },
      {
        // At the start, not at the end: this process may be killed in between.
        onStart(tree, watchdog) {
          postState = { tree, watchdog, shownBytes: 0, asked: [] };
          savePostState(postState);
        },
        onOutput: (text) => log.info(text),
        onHeartbeat(progress) {
          ({ silentMs } = progress);
          void logHeartbeat(progress, gpuLoad(), log);
        },
        heartbeatIntervalMs: HEARTBEAT_INTERVAL,
      },
      signal,
    );
    if (ended.kind === "cancelled" && postState)
      savePostState({ ...postState, shownBytes: ended.shownBytes, asked: [...ended.asked] });
    return { ...ended, silentSeconds: silentMs / 1000 };
  };
}

async function logHeartbeat(progress: ProcessProgress, load: readonly string[], log: Log): Promise<void> {
  const { runningMs, lines, bytes, isComplete, silentMs } = progress;
  const amount = isComplete ? `${lines} lines` : `${bytes.toLocaleString("en")} bytes of output`;
  const title = `Training for ${formatDuration(runningMs)}: ${amount} so far, the last ${formatDuration(silentMs)} ago`;
  if (load.length === 0) log.info(title);
  else await log.group(title, async () => log.info(load.join("\n")));
}

/** Stops first, and shows the output as far as there is any: a lost file must not leave the training alive. */
export async function stopTraining(
  { tree, watchdog, shownBytes, asked }: PostState,
  inputs: InputsOf<typeof spec>,
  log: Log,
): ReturnType<Ports["stopTraining"]> {
  const grace = graceAfterCancel(inputs.grace, RESERVE);
  const how = { signal: inputs["stop-signal"], grace, asked: new Set(asked) };
  const stopped = waitForWatchdog(watchdog, grace + WATCHDOG_MARGIN).then(() => stopTree(tree, how));
  const following = followOutput(tree.output, { startOffset: shownBytes, onLines: (text) => log.info(text) });
  const follower = await following.catch(() => undefined);
  if (follower === undefined) log.warn("The training's output is not shown: its file cannot be read any more");
  try {
    const end = await stopped;
    const report = await readWatchdogReport(tree);
    return { end: report?.end ?? end, stoppedByWatchdogAt: asked.length === 0 ? report?.stoppedAt : undefined };
  } finally {
    await follower?.stop();
  }
}
