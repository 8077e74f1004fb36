/** Reads what stands between a run and its start. */
import * as z from "zod";
import { hasNotStarted, type RunJob } from "../../core/training/run-jobs.ts";
import type { ConcurrencyQueue, KnownRunner, Obstacles, PendingEnvironment } from "../../core/training/wait-reason.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";

const pending = z.object({
  environment: z.object({ name: z.string() }),
  reviewers: z.array(z.object({ reviewer: z.object({ login: z.string().optional(), name: z.string().nullish() }) })),
});
const runner = z.object({
  name: z.string(),
  status: z.string(),
  busy: z.boolean(),
  labels: z.array(z.object({ name: z.string() })),
});
const member = z.object({ run_id: z.int(), run_name: z.string().nullish(), job_id: z.int().nullish() });
const groupsOfRun = z.object({
  concurrency_groups: z.array(
    z.object({ group_name: z.string(), group_members: z.array(member.extend({ status: z.string().nullish() })) }),
  ),
});
const queue = z.object({ group_members: z.array(member) });

/**
 * What the token or the server does not offer is asked for once: runners need administration rights, and Enterprise Server up
 * to 3.19 has no API of concurrency groups.
 *
 * @returns reads the obstacles of a run; it throws GitHubError
 */
export function createObstacleReader(github: GitHub): (run: number, jobs: readonly RunJob[]) => Promise<Obstacles> {
  const readRunners = whileOffered(() => listRunners(github));
  const readGroups = whileOffered((run: number) => readQueues(github, run));
  return async (run, jobs) => {
    const isForMachine = jobs.some(({ status }) => status === "queued");
    const isForOthers = jobs.length === 0 || jobs.some((job) => hasNotStarted(job) && job.status !== "queued");
    return {
      environments: await listPendingEnvironments(github, run),
      groups: (isForOthers ? await readGroups(run) : undefined) ?? [],
      runners: isForMachine ? await readRunners() : undefined,
    };
  };
}

function whileOffered<Args extends readonly unknown[], Found>(read: (...args: Args) => Promise<Found>) {
  let isOffered = true;
  return async (...args: Args): Promise<Found | undefined> => {
    if (!isOffered) return undefined;
    const found = await read(...args).catch(ignoreRefusal(403, 404));
    isOffered = found !== undefined;
    return found;
  };
}

const ignoreRefusal =
  (...statuses: readonly number[]) =>
  (error: unknown): undefined => {
    if (!(error instanceof GitHubError && statuses.includes(error.status ?? 0))) throw error;
  };

async function listPendingEnvironments(github: GitHub, run: number): Promise<readonly PendingEnvironment[]> {
  const { getPendingDeploymentsForRun } = github.rest.actions;
  const items = await github.readAll(getPendingDeploymentsForRun, { ...github.repository, run_id: run });
  return items.map((item) => {
    const { environment, reviewers } = parseResponse(pending, item, `what run ${run} waits for`);
    const names = reviewers.flatMap(({ reviewer: { login, name } }) => login ?? name ?? []);
    return { name: environment.name, reviewers: names };
  });
}

async function listRunners(github: GitHub): Promise<readonly KnownRunner[]> {
  const items = await github.readAll(github.rest.actions.listSelfHostedRunnersForRepo, { ...github.repository });
  return items.map((item) => {
    const { name, status, busy, labels } = parseResponse(runner, item, "the repository's runners");
    return { name, isOnline: status === "online", isBusy: busy, labels: labels.map((label) => label.name) };
  });
}

/** The groups that the run, or a job of it, waits for, with those before it. */
async function readQueues(github: GitHub, run: number): Promise<readonly ConcurrencyQueue[]> {
  const root = "/repos/{owner}/{repo}/actions";
  const response = await github.get(`${root}/runs/{run_id}/concurrency_groups`, { ...github.repository, run_id: run });
  const { concurrency_groups: groups } = parseResponse(groupsOfRun, response, `concurrency groups of run ${run}`);
  const queues: ConcurrencyQueue[] = [];
  for (const { group_name: name, group_members: own } of groups) {
    const waiting = own.find(({ status }) => status === "pending");
    if (waiting === undefined) continue;
    const { job_id: job } = waiting;
    const place = job === undefined || job === null ? { ahead_of_run: run } : { ahead_of_job: job };
    // The API answers with the members up to this one, which is the last.
    const params = { ...github.repository, name, ...place };
    // It may have left the group since the request before.
    const members = await github.get(`${root}/concurrency_groups/{name}`, params).catch(ignoreRefusal(404, 422));
    if (members === undefined) continue;
    const found = parseResponse(queue, members, `the concurrency group ${name}`);
    const ahead = found.group_members.filter((one) => one.run_id !== run || (one.job_id ?? undefined) !== job);
    queues.push({ name, ahead: ahead.map((one) => ({ run: one.run_id, title: one.run_name ?? "" })) });
  }
  return queues;
}
