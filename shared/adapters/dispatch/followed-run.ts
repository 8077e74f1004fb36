/** How a run is doing, and its end. */
import * as z from "zod";
import { pauseBefore } from "../../core/training/patience.ts";
import { type RunState, readRunState } from "../../core/training/run-state.ts";
import { sayWhyWaiting } from "../../core/training/wait-reason.ts";
import { type GitHub, GitHubFailure } from "../github/github.ts";
import { shaped } from "../github/shape.ts";
import type { Time } from "../github/time.ts";

export interface FollowedRun {
  readonly state: RunState;
  /** From 1. */
  readonly attempt: number;
  readonly url: string;
}

const RUN = "/repos/{owner}/{repo}/actions/runs/{run_id}";
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

export async function lookAtRun(github: GitHub, id: number): Promise<FollowedRun> {
  const found = shaped(run, await github.read(`GET ${RUN}`, { run_id: id }), `run ${id}`);
  return { state: readRunState(found.status, found.conclusion), attempt: found.run_attempt, url: found.html_url };
}

/** One line; the second without how long it has been so, for telling whether anything is new. */
export async function whyWaiting(
  github: GitHub,
  id: number,
  state: RunState & { readonly kind: "waiting" },
  now: number,
): Promise<{ readonly reason: string; readonly gist: string }> {
  const environments = (await github.readAll(`GET ${RUN}/pending_deployments`, { run_id: id })).map((item) => {
    const { environment, reviewers } = shaped(pending, item, `what run ${id} waits for`);
    return {
      name: environment.name,
      reviewers: reviewers.flatMap(({ reviewer: { login, name } }) => login ?? name ?? []),
    };
  });
  const jobs = (await github.readAll(`GET ${RUN}/jobs`, { run_id: id })).map((item) => {
    const { created_at: since, ...rest } = shaped(job, item, `jobs of run ${id}`);
    return { ...rest, since };
  });
  return {
    reason: sayWhyWaiting(state, jobs, environments, now),
    gist: sayWhyWaiting(state, jobs, environments, 0),
  };
}

/** Asks for it; a run that has ended meanwhile is as good. */
export async function cancelRun(github: GitHub, id: number, how: "cancel" | "force-cancel" = "cancel"): Promise<void> {
  try {
    await github.write(`POST ${RUN}/${how}`, { run_id: id });
  } catch (error) {
    if (!(error instanceof GitHubFailure && error.status === 409)) throw error;
  }
}

/**
 * Cancels a run, gives it `grace` ms to end by itself, and then forces it: that also ends steps with `always()`.
 *
 * @returns how it went; `undefined` when it does not even end then
 */
export async function endRun(
  github: GitHub,
  id: number,
  grace: number,
  time: Pick<Time, "now" | "sleep">,
): Promise<"ended" | "forced" | undefined> {
  if (await isEnded(github, id)) return "ended";
  await cancelRun(github, id);
  if (await endsWithin(github, id, grace, time)) return "ended";
  await cancelRun(github, id, "force-cancel");
  return (await endsWithin(github, id, AFTER_FORCE, time)) ? "forced" : undefined;
}

/** A forced run ends as soon as its runner hears of it, and at once without one. */
const AFTER_FORCE = 20_000;

async function endsWithin(github: GitHub, id: number, ms: number, time: Pick<Time, "now" | "sleep">): Promise<boolean> {
  const deadline = time.now() + ms;
  for (let question = 0; ; question++) {
    if (await isEnded(github, id)) return true;
    const left = deadline - time.now();
    if (left <= 0) return false;
    await time.sleep(Math.min(left, pauseBefore(question) / 2));
  }
}

const isEnded = async (github: GitHub, id: number): Promise<boolean> =>
  (await lookAtRun(github, id)).state.kind === "ended";
