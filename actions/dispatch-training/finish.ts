/**
 * The post step of dispatch-training: no training is left running unattended. The main step has requested the cancellation,
 * or was killed before it could; this step has the time to wait for the end, and to force it.
 */
import type { PostBody } from "../../shared/action/run-action.ts";
import type { Ports } from "./run.ts";
import { restoreDispatchedRun } from "./saved-dispatched-run.ts";
import type { spec } from "./spec.ts";
import { untilAnswered } from "./until-answered.ts";

/** A cancelled job has five minutes; the most of them are for the training to save. */
const PATIENCE_MS = 60_000;

export const finish: PostBody<typeof spec, Ports> = async ({ ports, log, signal, state }) => {
  const saved = restoreDispatchedRun(state);
  if (saved === undefined) return;
  const run =
    saved.run ?? (await untilAnswered(() => ports.findUnconfirmedRun(saved), PATIENCE_MS, ports, log, signal));
  if (run === undefined) return;

  log.info(`Run ${run} was cancelled; waiting for it to save and end`);
  const end = await ports.endDispatchedRun(run);
  if (end === "forced") log.warn(`Run ${run} did not end within its grace period, and its end was forced`);
  else if (end === undefined) log.warn(`Run ${run} has still not ended: check it under Actions`);
  else log.info(`Run ${run} has ended`);
};
