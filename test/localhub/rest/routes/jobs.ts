/** The jobs of workflow runs and their logs. */
import { attemptByNumber, jobById } from "../../operations/runs/runs.ts";
import { renderJob } from "../../render/actions.ts";
import type { Job } from "../../world/repository.ts";
import { jobLogUrl } from "../downloads/downloads.ts";
import { type Call, created, type ListReply, list, ok, type Route, redirect, route } from "../route.ts";
import { runOf } from "./runs.ts";

export const jobRoutes: readonly Route[] = [
  route("actions/list-jobs-for-workflow-run", (call) => {
    const run = runOf(call);
    const attempts = call.query["filter"] === "all" ? run.attempts : [attemptByNumber(run)];
    return listed(
      call,
      attempts.flatMap((attempt) => attempt.jobs),
    );
  }),

  route("actions/list-jobs-for-workflow-run-attempt", (call) =>
    listed(call, attemptByNumber(runOf(call), Number(call.path["attempt_number"])).jobs),
  ),

  route("actions/get-job-for-workflow-run", (call) => ok(renderJob(call.world, jobOf(call)))),

  route("actions/download-job-logs-for-workflow-run", (call) => redirect(jobLogUrl(call.world, jobOf(call)))),

  route("actions/re-run-job-for-workflow-run", async (call) => {
    const job = jobOf(call);
    await call.actions.rerun(job.run, job, call.requiredCaller, call.body["enable_debug_logging"] === true);
    return created({});
  }),
];

const jobOf = ({ repository, path }: Call): Job => jobById(repository, Number(path["job_id"]));

const listed = ({ world }: Call, jobs: readonly Job[]): ListReply => list(jobs, (job) => renderJob(world, job), "jobs");
