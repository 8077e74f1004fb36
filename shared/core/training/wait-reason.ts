/** Why jobs of a run have not started, in one line for people. */
import { quoteText } from "../../text/document/document.ts";
import { formatDuration } from "./polling.ts";
import { hasNotStarted, labelsOf, type RunJob } from "./run-jobs.ts";
import type { RunState } from "./run-state.ts";

/** What stands between a run and its start, as far as the token may know it. */
export interface Obstacles {
  readonly environments: readonly PendingEnvironment[];
  readonly groups: readonly ConcurrencyQueue[];
  /** The self-hosted runners of the repository; `undefined`: the token may not list them. */
  readonly runners: readonly KnownRunner[] | undefined;
}

export interface PendingEnvironment {
  readonly name: string;
  /** Logins and team names of those who may approve. */
  readonly reviewers: readonly string[];
}

/** A concurrency group that the run or one of its jobs waits for. */
export interface ConcurrencyQueue {
  readonly name: string;
  /** Who is before it: the holder first. */
  readonly ahead: readonly { readonly run: number; readonly title: string }[];
}

export interface KnownRunner {
  readonly name: string;
  readonly isOnline: boolean;
  readonly isBusy: boolean;
  readonly labels: readonly string[];
}

const MAX_NAMED = 3;

/** @param now milliseconds since 1970, by the same clock as the times of the jobs */
export function formatWaitReason(
  state: Exclude<RunState, { readonly kind: "ended" }>,
  jobs: readonly RunJob[],
  obstacles: Obstacles,
  now: number,
): string {
  const reasons = [
    ...formatEnvironments(obstacles.environments),
    ...obstacles.groups.flatMap(formatQueue),
    ...formatQueuedJobs(jobs, obstacles.runners, now),
  ];
  if (reasons.length > 0) return reasons.join("; ");
  const [waiting] = jobs.filter(hasNotStarted);
  if (waiting !== undefined && state.kind === "running") return `job ${quoteText(waiting.name)} has not started`;
  return state.kind === "running" ? "it is running" : GENERAL_REASONS[state.for];
}

const GENERAL_REASONS: Readonly<Record<(RunState & { kind: "waiting" })["for"], string>> = {
  queue: "it was requested, and GitHub has not queued it yet",
  concurrency: "it waits for its concurrency group: another run is before it",
  runner: "it is queued, and its jobs are not listed yet",
  people: "it waits for a rule of its environment: a timer, an approval or a check",
};

function formatEnvironments(environments: readonly PendingEnvironment[]): readonly string[] {
  const [first] = environments;
  if (first === undefined) return [];
  const names = environments.map(({ name }) => quoteText(name)).join(", ");
  const who = first.reviewers.length > 0 ? ` by ${first.reviewers.join(" or ")}` : "";
  return [`it waits for approval of the environment ${names}${who}`];
}

function formatQueue({ name, ahead }: ConcurrencyQueue): readonly string[] {
  if (ahead.length === 0) return [];
  const shown = ahead.slice(0, MAX_NAMED).map(({ run, title }) => `run ${run} (${quoteText(title)})`);
  const more = ahead.length > MAX_NAMED ? ` and ${ahead.length - MAX_NAMED} more` : "";
  const verb = ahead.length === 1 ? "is" : "are";
  return [`it waits for the concurrency group ${quoteText(name)}: ${shown.join(", ")}${more} ${verb} before it`];
}

/** One reason for all jobs that wait for the same machines. */
function formatQueuedJobs(
  jobs: readonly RunJob[],
  runners: readonly KnownRunner[] | undefined,
  now: number,
): readonly string[] {
  const queued = jobs.filter(({ status }) => status === "queued");
  return queued.flatMap((first, at) => {
    if (queued.findIndex((other) => labelsOf(other) === labelsOf(first)) < at) return [];
    const alike = queued.filter((other) => labelsOf(other) === labelsOf(first));
    const names = alike.slice(0, MAX_NAMED).map(({ name }) => quoteText(name));
    const more = alike.length > MAX_NAMED ? ` and ${alike.length - MAX_NAMED} more` : "";
    const who = alike.length === 1 ? `job ${names.join()} waits` : `jobs ${names.join(", ")}${more} wait`;
    const labels = first.labels.length > 0 ? `with the labels ${first.labels.join(", ")}` : "of any kind";
    return [`${who} for a runner ${labels}, ${formatSince(first.since, now)}${describeRunners(first, runners)}`];
  });
}

/**
 * GitHub may report a runner as offline that takes jobs (actions/runner#3892): this explains, and decides nothing. Of machines
 * of an organisation or of GitHub's own the repository lists none.
 */
function describeRunners({ labels }: RunJob, runners: readonly KnownRunner[] | undefined): string {
  if (runners === undefined || labels.length === 0) return "";
  const wanted = labels.map((label) => label.toLowerCase());
  const able = runners.filter((runner) => {
    const own = new Set(runner.labels.map((label) => label.toLowerCase()));
    return wanted.every((label) => own.has(label));
  });
  if (able.length === 0) {
    return wanted.includes("self-hosted") ? ": no runner registered in this repository has them" : "";
  }
  const nameAll = (some: readonly KnownRunner[]): string =>
    some
      .slice(0, MAX_NAMED)
      .map(({ name }) => quoteText(name))
      .join(", ") + (some.length > MAX_NAMED ? ` and ${some.length - MAX_NAMED} more` : "");
  const online = able.filter(({ isOnline }) => isOnline);
  const free = online.filter(({ isBusy }) => !isBusy);
  if (online.length === 0) return `: all runners that have them are offline: ${nameAll(able)}`;
  if (free.length === 0) return `: all online runners that have them are busy: ${nameAll(online)}`;
  return `: ${nameAll(free)} is online and not busy; a runner group may keep this workflow from it`;
}

function formatSince(since: string, now: number): string {
  const start = Date.parse(since);
  return Number.isNaN(start) ? "since an unknown time" : `for ${formatDuration(now - start)} (since ${since})`;
}
