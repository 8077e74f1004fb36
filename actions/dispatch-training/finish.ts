/**
 * The post step of dispatch-training: no training is left behind that nobody follows. The main step has asked for the end,
 * or was killed before it could; here is the time to wait for it, and to force it.
 */
import type { PostBody } from "../../shared/action/run-action.ts";
import type { Ports } from "./run.ts";
import { restoreDispatchedRun } from "./saved-dispatched-run.ts";
import type { spec } from "./spec.ts";

export const finish: PostBody<typeof spec, Ports> = async ({ ports, log, state }) => {
  const child = restoreDispatchedRun(state);
  if (child === undefined) return;
  const run = child.run ?? (await ports.findUnconfirmedRun(child));
  if (run === undefined) return;

  log.info(`Run ${run} was cancelled; waiting for it to save and end`);
  const end = await ports.endDispatchedRun(run);
  if (end === "forced") log.warn(`Run ${run} did not end in its grace, and its end was forced`);
  else if (end === undefined) log.warn(`Run ${run} has still not ended: look after it under Actions`);
  else log.info(`Run ${run} has ended`);
};
