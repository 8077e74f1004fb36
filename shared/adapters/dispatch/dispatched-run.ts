/** The state of a dispatched run and of its jobs, and how to end it. */
import * as z from "zod";
import { pollDelay } from "../../core/training/polling.ts";
import type { RunJob } from "../../core/training/run-jobs.ts";
import { parseRunState, type RunState } from "../../core/training/run-state.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { isOutage } from "../github/outage.ts";
import { parseResponse } from "../github/parse-response.ts";
import type { Time } from "../github/time.ts";

export interface DispatchedRun {
  readonly state: RunState;
  /** From 1. */
  readonly attempt: number;
}

const run = z.object({
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  run_attempt: z.int().default(1),
});
const job = z.object({
  id: z.int(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  labels: z.array(z.string()).default([]),
  created_at: z.string(),
});
export async function readDispatchedRun(github: GitHub, id: number): Promise<DispatchedRun> {
  const { data } = await github.rest.actions.getWorkflowRun({ ...github.repository, run_id: id });
  const found = parseResponse(run, data, `run ${id}`);
  return { state: parseRunState(found.status, found.conclusion), attempt: found.run_attempt };
}

/** Of its newest attempt; empty while GitHub has not queued it. */
export async function readRunJobs(github: GitHub, id: number): Promise<readonly RunJob[]> {
  const items = await github.readAll(github.rest.actions.listJobsForWorkflowRun, { ...github.repository, run_id: id });
  return items.map((item) => {
    const { created_at: since, ...rest } = parseResponse(job, item, `jobs of run ${id}`);
    return { ...rest, since };
  });
}

/** Requests the cancellation; does nothing when the run has ended meanwhile. */
export async function cancelRun(github: GitHub, id: number, how: "cancel" | "force-cancel" = "cancel"): Promise<void> {
  const { cancelWorkflowRun, forceCancelWorkflowRun } = github.rest.actions;
  try {
    await (how === "cancel" ? cancelWorkflowRun : forceCancelWorkflowRun)({ ...github.repository, run_id: id });
  } catch (error) {
    if (!(error instanceof GitHubError && error.status === 409)) throw error;
  }
}

/**
 * Cancels a run, gives it `grace` ms to end by itself, and then forces it: that also ends steps with `always()`. An outage of
 * GitHub takes some of that time, and nothing else.
 *
 * @returns how it ended; `undefined` when it did not end even then
 */
export async function endDispatchedRun(
  github: GitHub,
  id: number,
  grace: number,
  time: Pick<Time, "now" | "sleep">,
): Promise<"ended" | "forced" | undefined> {
  if (await endBy(github, id, "cancel", grace, time)) return "ended";
  return (await endBy(github, id, "force-cancel", FORCE_CANCEL_WAIT_MS, time)) ? "forced" : undefined;
}

/** A run with a forced cancellation ends as soon as its runner gets it, and at once without a runner. */
const FORCE_CANCEL_WAIT_MS = 20_000;

async function endBy(
  github: GitHub,
  id: number,
  how: "cancel" | "force-cancel",
  ms: number,
  time: Pick<Time, "now" | "sleep">,
): Promise<boolean> {
  const deadline = time.now() + ms;
  let isAsked = false;
  for (let polls = 0; ; polls++) {
    try {
      if ((await readDispatchedRun(github, id)).state.kind === "ended") return true;
      if (!isAsked) await cancelRun(github, id, how);
      isAsked = true;
    } catch (error) {
      if (!isOutage(error)) throw error;
    }
    const left = deadline - time.now();
    if (left <= 0) return false;
    await time.sleep(Math.min(left, pollDelay(polls) / 2));
  }
}
