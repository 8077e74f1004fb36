/** Which step of this very job failed. While a job runs, its log cannot be read, but its steps can. */
import * as z from "zod";
import { ActionError } from "../../problem/problem.ts";
import type { GitHub } from "./github.ts";

export interface FailedStep {
  readonly name: string;
  /** Its place in the job's log. */
  readonly url: string;
}

const job = z.object({
  html_url: z.string(),
  status: z.string(),
  runner_name: z.string().nullable(),
  steps: z.array(z.object({ name: z.string(), number: z.int(), conclusion: z.string().nullable() })).default([]),
});

/**
 * @param runner `RUNNER_NAME`: no two jobs run on one at the same time
 * @returns `undefined` where GitHub does not say it: the token lacks `actions: read`, or it does not know the step's end yet
 */
export async function findFailedStep(
  github: GitHub,
  run: { readonly id: number; readonly attempt: number },
  runner: string,
): Promise<FailedStep | undefined> {
  const { listJobsForWorkflowRunAttempt: list } = github.rest.actions;
  const params = { ...github.repository, run_id: run.id, attempt_number: run.attempt };
  const items = await github.readAll(list, params).catch((error: unknown) => {
    if (!(error instanceof ActionError)) throw error;
    return [];
  });
  const jobs = items.flatMap((item) => job.safeParse(item).data ?? []);
  const own = jobs.find(({ status, runner_name }) => status === "in_progress" && runner_name === runner);
  const step = own?.steps.find(({ conclusion }) => conclusion === "failure");
  return own && step && { name: step.name, url: `${own.html_url}#step:${step.number}:1` };
}
