/** The state of a dispatched run, and how to end it. */
import * as z from "zod";
import { pollDelay } from "../../core/training/polling.ts";
import { parseRunState, type RunState } from "../../core/training/run-state.ts";
import { formatWaitReason } from "../../core/training/wait-reason.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import type { Time } from "../github/time.ts";

export interface DispatchedRun {
  readonly state: RunState;
  /** From 1. */
  readonly attempt: number;
  readonly url: string;
}

const run = z.object({
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  run_attempt: z.int().default(1),
  html_url: z.string(),
});
const job = z.object({
  name: z.string(),
  status: z.string(),
  labels: z.array(z.string()).default([]),
  created_at: z.string(),
});
const pending = z.object({
  environment: z.object({ name: z.string() }),
  reviewers: z.array(z.object({ reviewer: z.object({ login: z.string().optional(), name: z.string().nullish() }) })),
});

export async function readDispatchedRun(github: GitHub, id: number): Promise<DispatchedRun> {
  const { data } = await github.rest.actions.getWorkflowRun({ ...github.repository, run_id: id });
  const found = parseResponse(run, data, `run ${id}`);
  return { state: parseRunState(found.status, found.conclusion), attempt: found.run_attempt, url: found.html_url };
}

/** One line; `key` is the same line without the waiting time, so that a caller sees whether anything is new. */
export async function readWaitReason(
  github: GitHub,
  id: number,
  state: RunState & { readonly kind: "waiting" },
  now: number,
): Promise<{ readonly reason: string; readonly key: string }> {
  const { getPendingDeploymentsForRun, listJobsForWorkflowRun } = github.rest.actions;
  const ofRun = { ...github.repository, run_id: id };
  const environments = (await github.readAll(getPendingDeploymentsForRun, ofRun)).map((item) => {
    const { environment, reviewers } = parseResponse(pending, item, `what run ${id} waits for`);
    return {
      name: environment.name,
      reviewers: reviewers.flatMap(({ reviewer: { login, name } }) => login ?? name ?? []),
    };
  });
  const jobs = (await github.readAll(listJobsForWorkflowRun, ofRun)).map((item) => {
    const { created_at: since, ...rest } = parseResponse(job, item, `jobs of run ${id}`);
    return { ...rest, since };
  });
  return {
    reason: formatWaitReason(state, jobs, environments, now),
    key: formatWaitReason(state, jobs, environments, 0),
  };
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
 * Cancels a run, gives it `grace` ms to end by itself, and then forces it: that also ends steps with `always()`.
 *
 * @returns how it ended; `undefined` when it did not end even then
 */
export async function endDispatchedRun(
  github: GitHub,
  id: number,
  grace: number,
  time: Pick<Time, "now" | "sleep">,
): Promise<"ended" | "forced" | undefined> {
  if (await hasEnded(github, id)) return "ended";
  await cancelRun(github, id);
  if (await waitForEnd(github, id, grace, time)) return "ended";
  await cancelRun(github, id, "force-cancel");
  return (await waitForEnd(github, id, FORCE_CANCEL_WAIT_MS, time)) ? "forced" : undefined;
}

/** A run with a forced cancellation ends as soon as its runner gets it, and at once without a runner. */
const FORCE_CANCEL_WAIT_MS = 20_000;

async function waitForEnd(github: GitHub, id: number, ms: number, time: Pick<Time, "now" | "sleep">): Promise<boolean> {
  const deadline = time.now() + ms;
  for (let polls = 0; ; polls++) {
    if (await hasEnded(github, id)) return true;
    const left = deadline - time.now();
    if (left <= 0) return false;
    await time.sleep(Math.min(left, pollDelay(polls) / 2));
  }
}

const hasEnded = async (github: GitHub, id: number): Promise<boolean> =>
  (await readDispatchedRun(github, id)).state.kind === "ended";
