/** Check runs: reporting them and reading them back. `check-suites.ts` has their suites. */
import { createCheckRun, rerequestCheckRun, updateCheckRun } from "../../operations/checks/app-checks.ts";
import { checkRunsOf, latestCheckRuns } from "../../operations/checks/checks.ts";
import { resolveCommitSha } from "../../operations/git/revisions.ts";
import { renderAnnotation, renderCheckRun } from "../../render/checks.ts";
import { notFound } from "../../world/api-error.ts";
import type { CheckRun } from "../../world/checks.ts";
import { type Call, created, type ListReply, list, ok, type Route, route } from "../route.ts";
import { type CheckRunBody, reportFrom } from "./check-run-body.ts";
import { suiteOf } from "./check-suites.ts";

/** GitHub docs, "List check runs for a Git reference": only runs of the newest suites are listed. */
const MAX_SUITES = 1_000;

export const checkRoutes: readonly Route[] = [
  route("checks/create", async ({ world, repository, body, requiredCaller: caller }) => {
    const fields = body as unknown as CheckRunBody & { readonly name: string; readonly head_sha: string };
    const report = { ...reportFrom(fields), name: fields.name, headSha: fields.head_sha };
    const run = await createCheckRun(world, repository, report, caller);
    return created(renderCheckRun(world, repository, run));
  }),

  route("checks/get", (call) => ok(renderCheckRun(call.world, call.repository, runOf(call)))),

  route("checks/update", (call) => {
    const { world, repository, body, requiredCaller: caller } = call;
    const run = runOf(call);
    updateCheckRun(world, repository, run, reportFrom(body as unknown as CheckRunBody), caller);
    return ok(renderCheckRun(world, repository, run));
  }),

  route("checks/rerequest-run", (call) => {
    rerequestCheckRun(call.world, call.repository, runOf(call), call.requiredCaller);
    return created({});
  }),

  route("checks/list-annotations", (call) => {
    const run = runOf(call);
    return list(run.annotations, (annotation) => renderAnnotation(call.world, call.repository, run, annotation));
  }),

  route("checks/list-for-ref", async (call) => {
    const { repository, path, query } = call;
    const sha = await resolveCommitSha(repository, path["ref"] ?? "");
    const runs = [...repository.checkRuns.values()].filter(({ headSha }) => headSha === sha);
    const suites = [...new Set(runs.map(({ suite }) => suite))].sort((a, b) => b.id - a.id).slice(0, MAX_SUITES);
    const shown = new Set(suites.filter(({ app }) => matches(query["app_id"], String(app.id))));
    return listed(
      call,
      runs.filter(({ suite }) => shown.has(suite)),
    );
  }),

  route("checks/list-for-suite", (call) => listed(call, checkRunsOf(call.repository, suiteOf(call)))),
];

function listed({ world, repository, query }: Call, runs: readonly CheckRun[]): ListReply {
  const newest = query["filter"] === "all" ? runs.toSorted((a, b) => b.id - a.id) : latestCheckRuns(runs);
  const found = newest.filter((run) => matches(query["check_name"], run.name) && matches(query["status"], run.status));
  return list(found, (run) => renderCheckRun(world, repository, run), "check_runs");
}

/** An absent filter matches everything. */
const matches = (filter: string | undefined, value: string): boolean => filter === undefined || filter === value;

function runOf({ repository, path }: Call): CheckRun {
  const run = repository.checkRuns.get(Number(path["check_run_id"]));
  if (run === undefined) throw notFound();
  return run;
}
