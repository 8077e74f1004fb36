/** Starts the command as a supervised program, and ends what a cancelled one left. */
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ActionContext } from "../../shared/action/context.ts";
import type { Log } from "../../shared/action/log.ts";
import type { InputsOf } from "../../shared/action/spec.ts";
import { followOutput } from "../../shared/adapters/process/follow-output.ts";
import { probe } from "../../shared/adapters/process/probe.ts";
import { endGroup } from "../../shared/adapters/process/process-group.ts";
import { type Progress, supervise } from "../../shared/adapters/process/supervise.ts";
import { describeLoad, GPU_LOAD_QUERY } from "../../shared/core/training/gpus.ts";
import { sayDuration } from "../../shared/core/training/patience.ts";
import { trainingEnvironment } from "../../shared/core/training/training-environment.ts";
import type { UnfinishedTraining } from "../../shared/core/training/unfinished.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

interface Given {
  readonly inputs: InputsOf<typeof spec>;
  readonly context: ActionContext;
  readonly log: Log;
  readonly env: NodeJS.ProcessEnv;
}

const HEARTBEAT = 30_000;
/** Of the 5 minutes a cancelled job has for its post steps, the rest is for what comes after this one. */
const LONGEST_GRACE_AFTER_CANCEL = 270_000;

export function launch({ inputs, context, log, env }: Given): Ports["train"] {
  return async (task, remember, cancelled) => {
    const stem = join(context.temp, `train-model-${randomUUID()}`);
    const [script, paramsFile, output] = [`${stem}.sh`, `${stem}.params.json`, `${stem}.log`];
    await writeFile(script, `${inputs.command}\n`, { flag: "wx" });
    await writeFile(paramsFile, `${JSON.stringify(task.params)}\n`, { flag: "wx" });
    const deadline = new Date(Date.now() + inputs.timeout).toISOString();
    let unfinished: UnfinishedTraining | undefined;
    const ended = await supervise(
      {
        program: "bash",
        args: ["--noprofile", "--norc", "-eo", "pipefail", script],
        cwd: context.workspace,
        env: trainingEnvironment(env, { ...task, paramsFile, deadline }),
        output,
        timeout: inputs.timeout,
        stopSignal: inputs["stop-signal"],
        grace: inputs.grace,
      },
      {
        // At the start, not at the end: this process may be killed in between.
        began(group) {
          unfinished = { group, output, shown: 0, asked: false };
          remember(unfinished);
        },
        show: (text) => log.info(text),
        heartbeat: (progress) => void beat(progress, log),
        heartbeatEvery: HEARTBEAT,
      },
      cancelled,
    );
    if (ended.kind === "cancelled" && unfinished) remember({ ...unfinished, shown: ended.shown, asked: true });
    return ended;
  };
}

async function beat({ running, lines, silent }: Progress, log: Log): Promise<void> {
  const load = describeLoad((await probe("nvidia-smi", GPU_LOAD_QUERY)) ?? "");
  const title = `Training for ${sayDuration(running)}: ${lines} lines so far, the last ${sayDuration(silent)} ago`;
  if (load.length === 0) log.info(title);
  else await log.group(title, async () => log.info(load.join("\n")));
}

export async function endTraining(
  { group, output, shown, asked }: UnfinishedTraining,
  inputs: InputsOf<typeof spec>,
  log: Log,
): Promise<"went" | "killed" | "stuck"> {
  const following = await followOutput(output, { from: shown, show: (text) => log.info(text) });
  const grace = Math.min(inputs.grace, LONGEST_GRACE_AFTER_CANCEL);
  try {
    return await endGroup(group, { signal: inputs["stop-signal"], grace, asked });
  } finally {
    await following.stop();
  }
}
