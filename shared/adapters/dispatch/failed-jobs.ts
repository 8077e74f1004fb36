/** Reads why jobs of a run failed: their steps, annotations and logs. */
import * as z from "zod";
import type { Annotation, FailedJob } from "../../core/training/failed-job.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";

const job = z.object({
  id: z.int(),
  name: z.string(),
  conclusion: z.string().nullable(),
  check_run_url: z.string(),
  steps: z.array(z.object({ name: z.string(), conclusion: z.string().nullable() })).default([]),
});
const annotation = z.object({
  path: z.string(),
  start_line: z.int().nullish(),
  annotation_level: z.string().nullable(),
  message: z.string().nullable(),
});

const FAILED: ReadonlySet<string> = new Set(["failure", "timed_out", "cancelled", "startup_failure", "stale"]);
/** A sweep of 256 jobs that all fail says the same 256 times. */
const MAX_JOBS = 3;

/**
 * Of the attempt. The annotations need `checks: read`, and the log may be gone: what cannot be read is left out.
 */
export async function readFailedJobs(
  github: GitHub,
  run: { readonly id: number; readonly attempt: number },
): Promise<readonly FailedJob[]> {
  const { listJobsForWorkflowRunAttempt: list } = github.rest.actions;
  const params = { ...github.repository, run_id: run.id, attempt_number: run.attempt };
  const items = (await github.readAll(list, params).catch(ignoreGitHub)) ?? [];
  const jobs = items.flatMap((item) => job.safeParse(item).data ?? []);
  const failed = jobs.filter(({ conclusion }) => conclusion !== null && FAILED.has(conclusion));
  // A job that was cancelled because another failed explains nothing.
  const causes = failed.filter(({ conclusion }) => conclusion !== "cancelled");
  const shown = (causes.length > 0 ? causes : failed).slice(0, MAX_JOBS);
  return Promise.all(
    shown.map(async ({ id, name, conclusion, check_run_url: url, steps }) => ({
      ...{ name, conclusion: conclusion ?? "" },
      steps: steps.filter((step) => FAILED.has(step.conclusion ?? "")).map((step) => step.name),
      annotations: (await readAnnotations(github, Number(url.split("/").at(-1))).catch(ignoreGitHub)) ?? [],
      log: await readLog(github, id).catch(ignoreGitHub),
    })),
  );
}

async function readAnnotations(github: GitHub, checkRun: number): Promise<readonly Annotation[]> {
  const items = await github.readAll(github.rest.checks.listAnnotations, {
    ...github.repository,
    check_run_id: checkRun,
  });
  return items.map((item) => {
    const { path, start_line: line, annotation_level: level, message } = parseResponse(annotation, item, "annotations");
    return { level: level ?? "", message: message ?? "", file: path, line: line ?? undefined };
  });
}

async function readLog(github: GitHub, id: number): Promise<string> {
  const { downloadJobLogsForWorkflowRun } = github.rest.actions;
  const bytes = await github.download(downloadJobLogsForWorkflowRun.endpoint({ ...github.repository, job_id: id }));
  return new TextDecoder().decode(bytes);
}

function ignoreGitHub(error: unknown): undefined {
  if (!(error instanceof GitHubError)) throw error;
}
