/**
 * Check suites and the check runs in them. Apps report theirs through `app-checks.ts`; the jobs of GitHub Actions are
 * mirrored by `createJobCheckRun` and `updateJobCheckRun`.
 */
import { ZERO_SHA } from "../../git/git-repository.ts";
import type { Caller } from "../../world/caller.ts";
import type { Annotation, CheckOutput, CheckRun, CheckStatus, CheckSuite, Conclusion } from "../../world/checks.ts";
import type { App } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

/** GitHub docs, "Create a check run": beyond this number of runs with one name in a suite, the oldest are deleted. */
export const MAX_RUNS_PER_NAME = 1_000;

/** Highest priority first: the first of these that any run has becomes the conclusion of the suite. */
const CONCLUSIONS_BY_PRIORITY: readonly Conclusion[] = [
  "action_required",
  "startup_failure",
  "timed_out",
  "failure",
  "cancelled",
  "stale",
  "success",
  "neutral",
  "skipped",
];

export interface NewSuite {
  readonly app: App;
  readonly headSha: string;
  readonly headBranch: string | null;
  /** The branch's commit before; forty zeros by default. */
  readonly before?: string | undefined;
  /**
   * The workflow run it belongs to. Such a suite is changed by `updateSuite`, not by its runs: more runs may follow.
   */
  readonly workflowRunId?: number | undefined;
}

export function createSuite(world: World, repository: Repository, input: NewSuite, caller: Caller): CheckSuite {
  const now = world.clock.now();
  const suite: CheckSuite = {
    id: world.nextId(),
    app: input.app,
    headSha: input.headSha,
    headBranch: input.headBranch,
    before: input.before ?? ZERO_SHA,
    createdAt: now,
    updatedAt: now,
    status: "queued",
    conclusion: null,
    workflowRunId: input.workflowRunId,
  };
  repository.checkSuites.set(suite.id, suite);
  publishCheckSuiteEvent(world, repository, suite, "requested", caller);
  return suite;
}

/** Sets the state of a suite; publishes `check_suite.completed` when it becomes completed. */
export function updateSuite(
  world: World,
  repository: Repository,
  suite: CheckSuite,
  change: { readonly status: CheckStatus; readonly conclusion: Conclusion | null },
  caller: Caller,
): void {
  const completes = change.status === "completed" && suite.status !== "completed";
  Object.assign(suite, change, { updatedAt: world.clock.now() });
  if (completes) publishCheckSuiteEvent(world, repository, suite, "completed", caller);
}

/** The check runs of a suite, oldest first. */
export function checkRunsOf(repository: Repository, suite: CheckSuite): readonly CheckRun[] {
  return [...repository.checkRuns.values()].filter((run) => run.suite === suite);
}

/** The newest run of each name in each suite: what `filter=latest` shows. Newest first. */
export function latestCheckRuns(runs: readonly CheckRun[]): readonly CheckRun[] {
  const latest = new Map<string, CheckRun>();
  for (const run of runs) latest.set(`${run.suite.id} ${run.name}`, run);
  return [...latest.values()].sort((a, b) => b.id - a.id);
}

/**
 * The check runs of a commit that a pull request shows and that make it green or not, oldest first: the newest of each
 * name in each workflow and event, or of each app's own. Unlike the API's lists, a newer run of a workflow replaces an
 * older one (cli/cli, `eliminateDuplicates`; astropy/ccdproc#951), and one of another workflow does not.
 */
export function mergeBoxCheckRuns(repository: Repository, sha: string): readonly CheckRun[] {
  const newest = new Map<string, CheckRun>();
  for (const run of repository.checkRuns.values()) {
    if (run.headSha !== sha) continue;
    const { app, workflowRunId } = run.suite;
    const workflowRun = workflowRunId === undefined ? undefined : repository.actions.runs.get(workflowRunId);
    const source = workflowRun ? `${workflowRun.workflow.id} ${workflowRun.event}` : "app";
    newest.set(`${app.id} ${source} ${run.name}`, run);
  }
  return [...newest.values()];
}

export interface NewJobCheckRun {
  readonly suite: CheckSuite;
  readonly name: string;
  /** The job's id is the check run's too, as on GitHub. */
  readonly jobId: number;
  readonly status: CheckStatus;
}

/** The check run that mirrors a job of GitHub Actions. */
export function createJobCheckRun(
  world: World,
  repository: Repository,
  { suite, name, jobId, status }: NewJobCheckRun,
  caller: Caller,
): CheckRun {
  const run = { ...newCheckRun(suite, name, jobId), status, jobId, startedAt: world.clock.now() };
  return addCheckRun(world, repository, run, caller);
}

export interface CheckRunChange {
  readonly name?: string;
  readonly status?: CheckStatus;
  readonly conclusion?: Conclusion | null;
  readonly startedAt?: Date | null;
  readonly completedAt?: Date | null;
  readonly detailsUrl?: string | null;
  readonly externalId?: string;
  readonly actions?: CheckRun["actions"];
  readonly deploymentId?: number;
  readonly output?: CheckOutput;
  /** Added to the existing ones. */
  readonly annotations?: readonly Annotation[];
}

/** Changes the check run of a job; no limits apply. */
export function updateJobCheckRun(
  world: World,
  repository: Repository,
  run: CheckRun,
  change: CheckRunChange,
  caller: Caller,
): void {
  changeCheckRun(world, repository, run, change, caller);
}

/** A check run without a conclusion. */
export const newCheckRun = (suite: CheckSuite, name: string, id: number): CheckRun => ({
  id,
  suite,
  name,
  headSha: suite.headSha,
  externalId: "",
  detailsUrl: null,
  status: "queued",
  conclusion: null,
  startedAt: null,
  completedAt: null,
  output: { title: null, summary: null, text: null },
  annotations: [],
  actions: [],
  jobId: undefined,
  deploymentId: undefined,
});

export function addCheckRun(world: World, repository: Repository, run: CheckRun, caller: Caller): CheckRun {
  repository.checkRuns.set(run.id, run);
  const sameName = checkRunsOf(repository, run.suite).filter(({ name }) => name === run.name);
  for (const old of sameName.slice(0, -MAX_RUNS_PER_NAME)) repository.checkRuns.delete(old.id);
  publishCheckRunEvent(world, repository, run, "created", caller);
  if (run.status === "completed") publishCheckRunEvent(world, repository, run, "completed", caller);
  refreshSuiteStatus(world, repository, run.suite, caller);
  return run;
}

export function changeCheckRun(
  world: World,
  repository: Repository,
  run: CheckRun,
  { annotations = [], ...change }: CheckRunChange,
  caller: Caller,
): void {
  const completes = change.status === "completed" && run.status !== "completed";
  Object.assign(run, change);
  run.annotations.push(...annotations);
  if (completes) publishCheckRunEvent(world, repository, run, "completed", caller);
  refreshSuiteStatus(world, repository, run.suite, caller);
}

export function publishCheckRunEvent(
  world: World,
  repository: Repository,
  checkRun: CheckRun,
  action: "created" | "completed" | "rerequested",
  caller: Caller,
): void {
  world.publish({ event: "check_run", action, checkRun, repository, actor: caller.actor, cause: caller.token });
}

function publishCheckSuiteEvent(
  world: World,
  repository: Repository,
  suite: CheckSuite,
  action: "requested" | "completed",
  caller: Caller,
): void {
  world.publish({ event: "check_suite", action, suite, repository, actor: caller.actor, cause: caller.token });
}

/**
 * GitHub docs, "About check suites": the conclusion with the highest priority among the latest runs becomes the
 * suite's.
 */
function refreshSuiteStatus(world: World, repository: Repository, suite: CheckSuite, caller: Caller): void {
  if (suite.workflowRunId !== undefined) return;
  const runs = latestCheckRuns(checkRunsOf(repository, suite));
  updateSuite(world, repository, suite, rollUp(runs), caller);
}

/** The state of a suite with these latest runs. */
export function rollUp(runs: readonly CheckRun[]): { status: CheckStatus; conclusion: Conclusion | null } {
  const done = runs.filter(({ status }) => status === "completed");
  if (runs.length > 0 && done.length === runs.length) {
    const conclusion = CONCLUSIONS_BY_PRIORITY.find((candidate) => done.some((run) => run.conclusion === candidate));
    return { status: "completed", conclusion: conclusion ?? "neutral" };
  }
  const started = done.length > 0 || runs.some(({ status }) => status === "in_progress");
  return { status: started ? "in_progress" : "queued", conclusion: null };
}
