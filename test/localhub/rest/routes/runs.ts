/** Workflow runs and their attempts: reading, cancelling, re-running, deleting, logs. */
import { attemptByNumber, deleteRun, runById } from "../../operations/runs/runs.ts";
import { renderRun } from "../../render/actions.ts";
import type { RunAttempt, WorkflowRun } from "../../world/repository.ts";
import { runLogsUrl } from "../downloads/downloads.ts";
import {
  accepted,
  type Call,
  created,
  type ListReply,
  list,
  noContent,
  ok,
  type Route,
  redirect,
  route,
} from "../route.ts";
import { filteredRuns } from "./run-filters.ts";
import { workflowOf } from "./workflows.ts";

export const runRoutes: readonly Route[] = [
  route("actions/list-workflow-runs-for-repo", (call) => listed(call, call.repository.actions.runs.values())),

  route("actions/list-workflow-runs", async (call) => {
    const workflow = await workflowOf(call);
    return listed(
      call,
      [...call.repository.actions.runs.values()].filter((run) => run.workflow === workflow),
    );
  }),

  route("actions/get-workflow-run", (call) => ok(rendered(call, runOf(call)))),

  route("actions/get-workflow-run-attempt", (call) => {
    const run = runOf(call);
    return ok(rendered(call, run, attemptByNumber(run, Number(call.path["attempt_number"]))));
  }),

  route("actions/delete-workflow-run", (call) => {
    deleteRun(runOf(call));
    return noContent;
  }),

  route("actions/cancel-workflow-run", (call) => {
    const run = runOf(call);
    call.actions.cancel(run, call.requiredCaller);
    return accepted();
  }),

  route("actions/force-cancel-workflow-run", (call) => {
    const run = runOf(call);
    call.actions.forceCancel(run, call.requiredCaller);
    return accepted();
  }),

  route("actions/re-run-workflow", (call) => rerun(call, "all")),
  route("actions/re-run-workflow-failed-jobs", (call) => rerun(call, "failed")),

  route("actions/download-workflow-run-logs", (call) => {
    const run = runOf(call);
    return redirect(runLogsUrl(call.world, run, attemptByNumber(run)));
  }),

  route("actions/download-workflow-run-attempt-logs", (call) => {
    const run = runOf(call);
    return redirect(runLogsUrl(call.world, run, attemptByNumber(run, Number(call.path["attempt_number"]))));
  }),
];

/** The run of `{run_id}`. @throws ApiError 404 */
export const runOf = ({ repository, path }: Call): WorkflowRun => runById(repository, Number(path["run_id"]));

function listed(call: Call, runs: Iterable<WorkflowRun>): ListReply {
  return list(filteredRuns(runs, call.query), (run) => rendered(call, run), "workflow_runs");
}

function rendered(call: Call, run: WorkflowRun, attempt?: RunAttempt) {
  const body = renderRun(call.world, run, attempt);
  return call.query["exclude_pull_requests"] === "true" ? { ...body, pull_requests: [] } : body;
}

async function rerun(call: Call, which: "all" | "failed") {
  const run = runOf(call);
  await call.actions.rerun(run, which, call.requiredCaller, call.body["enable_debug_logging"] === true);
  return created({});
}
