/**
 * The post step of train-model. After a cancellation the runner kills the main step within 10 s, with all that it started;
 * so the main step exits at once, and this step waits until the training has saved (GitHub docs: 5 minutes).
 */
import type { PostBody } from "../../shared/action/run-action.ts";
import { parsePostState } from "../../shared/core/training/post-state.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import { trainingRecord } from "../../shared/records/training-record.ts";
import { LEFT_RUNNING } from "./left-running.ts";
import { describeStop } from "./record.ts";
import { CHECKPOINT_KEY, saveCheckpoint } from "./resume-training.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

export const finish: PostBody<typeof spec, Ports> = async ({ inputs, ports, log, state }) => {
  const postState = parsePostState(state.read(LEFT_RUNNING));
  if (postState === undefined) return;

  log.info("The training was left running; waiting for it to save and end");
  const { end, stoppedByWatchdogAt } = await ports.stopTraining(postState);
  if (end === "exited") log.info("The training has ended by itself");
  else if (end === "killed")
    log.warn("The training did not end within its grace period and was killed; what it saved may be incomplete");
  else log.warn(`The training could not be killed: it still runs on this machine`);

  const source = { file: inputs.record, reader: "train-model" };
  const { record, version } = readRecord(trainingRecord, await ports.files.readText(inputs.record), source);
  const kept = await ports.keepLog(postState.tree.output);
  const checkpoint = end === "exited" ? await saveCheckpoint(state.read(CHECKPOINT_KEY), ports, log) : undefined;
  const asked = record.stop ?? (stoppedByWatchdogAt && describeStop("watchdog", stoppedByWatchdogAt, inputs));
  const stop = asked && { stop: { ...asked, killed: end !== "exited" } };
  const ended = {
    ...record,
    ...stop,
    endedAt: ports.now().toISOString(),
    ...(kept && { log: kept.recorded }),
    ...(checkpoint && { checkpoint }),
  };
  await ports.writeRecord(inVersion(trainingRecord, ended, version));
};
