/** Check runs that apps, among them jobs with their `GITHUB_TOKEN`, report over the REST API. */

import { ApiError, unprocessable, validationFailed } from "../../world/api-error.ts";
import { appOf, type Caller } from "../../world/caller.ts";
import type { Annotation, CheckAction, CheckOutput, CheckRun, CheckStatus, Conclusion } from "../../world/checks.ts";
import type { App } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { requireCommitSha } from "../git/revisions.ts";
import { assertActions, assertAnnotations, assertOutput } from "./check-limits.ts";
import {
  addCheckRun,
  type CheckRunChange,
  changeCheckRun,
  createSuite,
  newCheckRun,
  publishCheckRunEvent,
  updateSuite,
} from "./checks.ts";

/** What an app may report about a check run; absent fields stay as they are. */
export interface CheckReport {
  readonly name?: string | undefined;
  readonly detailsUrl?: string | undefined;
  readonly externalId?: string | undefined;
  readonly status?: CheckStatus | undefined;
  readonly conclusion?: Conclusion | undefined;
  readonly startedAt?: Date | undefined;
  readonly completedAt?: Date | undefined;
  readonly output?: Partial<CheckOutput> | undefined;
  readonly annotations?: readonly Annotation[] | undefined;
  readonly actions?: readonly CheckAction[] | undefined;
}

/** @throws ApiError 403 for callers that are not apps, 422 for an unknown commit or fields a check run may not have. */
export async function createCheckRun(
  world: World,
  repository: Repository,
  report: CheckReport & { readonly name: string; readonly headSha: string },
  caller: Caller,
): Promise<CheckRun> {
  const app = requireApp(caller);
  assertReport(report);
  const sha = await requireCommitSha(repository, report.headSha);
  const suite = await suiteFor(world, repository, app, sha, caller);
  const run = newCheckRun(suite, report.name, world.nextId());
  const { annotations = [], ...fields } = changeFrom(world, run, report);
  Object.assign(run, { startedAt: world.clock.now() }, fields);
  run.annotations.push(...annotations);
  return addCheckRun(world, repository, run, caller);
}

/** @throws ApiError 403 where the run is not the caller's to change, 422 as for `createCheckRun`. */
export function updateCheckRun(
  world: World,
  repository: Repository,
  run: CheckRun,
  report: CheckReport,
  caller: Caller,
): void {
  assertOwn(run, requireApp(caller));
  assertReport(report);
  const reserved = report.status ?? report.conclusion ?? report.completedAt ?? report.detailsUrl;
  if (run.jobId !== undefined && reserved !== undefined) {
    // Since 2025-03-31 (GitHub changelog of 2025-02-12); an app may still set a job's title, summary and annotations.
    throw new ApiError(403, "Check run status and conclusions can only be updated internally by GitHub Actions");
  }
  changeCheckRun(world, repository, run, changeFrom(world, run, report), caller);
}

/**
 * Asks the app to check again: its suite is queued again, the run itself stays as it is until the app changes it.
 * @throws ApiError 403 where the run is not the caller's, 422 for a job's run, which is re-run through Actions instead.
 */
export function rerequestCheckRun(world: World, repository: Repository, run: CheckRun, caller: Caller): void {
  assertOwn(run, requireApp(caller));
  if (run.jobId !== undefined) throw unprocessable("This check run is not rerequestable");
  updateSuite(world, repository, run.suite, { status: "queued", conclusion: null }, caller);
  publishCheckRunEvent(world, repository, run, "rerequested", caller);
}

/**
 * The suite that an app's new run joins. Check runs that jobs create all have the same app, so they land in the first
 * workflow's suite of that commit, even another workflow's, as on GitHub.
 */
async function suiteFor(world: World, repository: Repository, app: App, sha: string, caller: Caller) {
  for (const suite of repository.checkSuites.values()) if (suite.app === app && suite.headSha === sha) return suite;
  const branches = await repository.git.refs("refs/heads/");
  const branch = branches.find((ref) => ref.sha === sha)?.name.slice("refs/heads/".length) ?? null;
  const before = (await repository.git.commit(sha))?.parents[0];
  return createSuite(world, repository, { app, headSha: sha, headBranch: branch, before }, caller);
}

function requireApp(caller: Caller): App {
  const app = appOf(caller);
  if (app === undefined) throw new ApiError(403, "You must authenticate via a GitHub App.");
  return app;
}

function assertOwn(run: CheckRun, app: App): void {
  if (run.suite.app === app) return;
  throw new ApiError(
    403,
    `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`,
  );
}

function assertReport(report: CheckReport): void {
  if (report.conclusion === "stale") {
    // GitHub docs, "Create a check run": only GitHub can set it.
    const message = "conclusion can not be set to stale";
    throw validationFailed({ resource: "CheckRun", code: "custom", field: "conclusion", message });
  }
  const ends = report.status === "completed" || report.completedAt !== undefined;
  if (ends && report.conclusion === undefined)
    throw unprocessable('Invalid request.\n\n"conclusion" wasn\'t supplied.');
  assertOutput(report.output ?? {});
  assertAnnotations(report.annotations ?? []);
  assertActions(report.actions ?? []);
}

/** GitHub docs, "Create a check run": a conclusion completes the run; an open status removes an old conclusion. */
function changeFrom(world: World, run: CheckRun, report: CheckReport): CheckRunChange {
  const status = report.conclusion === undefined ? report.status : "completed";
  const progress =
    status === "completed"
      ? {
          status,
          conclusion: report.conclusion ?? run.conclusion,
          completedAt: report.completedAt ?? world.clock.now(),
        }
      : status && { status, conclusion: null, completedAt: null };
  return {
    ...(report.name !== undefined && { name: report.name }),
    ...(report.detailsUrl !== undefined && { detailsUrl: report.detailsUrl }),
    ...(report.externalId !== undefined && { externalId: report.externalId }),
    ...(report.startedAt && { startedAt: report.startedAt }),
    ...progress,
    ...(report.output && { output: { ...run.output, ...report.output } }),
    ...(report.annotations && { annotations: report.annotations }),
    ...(report.actions && { actions: report.actions }),
  };
}
