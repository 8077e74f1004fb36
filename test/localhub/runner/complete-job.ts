/** "Complete job": the outputs, the URL of the environment, and the end of what is still running. */

import { errorMessage } from "../workflow-language/error-message.ts";
import { evaluateText } from "../workflow-language/evaluate.ts";
import type { JobState } from "./job-state.ts";
import { recordFailure } from "./job-state.ts";
import type { StepLog } from "./log/step-log.ts";
import { killOrphans } from "./process/kill-tree.ts";
import { jobStepList } from "./set-up-job.ts";
import { expressionScope } from "./step/expression-scope.ts";

/** GitHub docs, "Defining outputs for jobs": 1 MB a job, estimated by the UTF-16 encoding. */
const OUTPUT_LIMIT = 1_048_576;

export interface CompletedJob {
  readonly outputs: Readonly<Record<string, string>>;
  readonly environmentUrl: string | undefined;
}

/** Never throws: an error is logged and fails the job. */
export async function completeJob(
  job: JobState,
  log: StepLog,
  processesBefore: ReadonlySet<number>,
): Promise<CompletedJob> {
  const outputs = attempt(job, log, "Fail to evaluate job outputs", {}, () => jobOutputs(job, log));
  const environmentUrl = attempt(job, log, "Failed to evaluate environment url", undefined, () =>
    environmentOf(job, log),
  );
  log.output("Cleaning up orphan processes");
  for (const { pid, name } of await killOrphans(job.trackingId, processesBefore)) {
    log.output(`Terminate orphan process: pid (${pid}) (${name})`);
  }
  if (job.upgradedActions.size > 0) {
    const names = [...job.upgradedActions].sort().join(", ");
    log.annotate(
      "warning",
      `Node.js 20 is deprecated. The following actions target Node.js 20 but are being forced to run on Node.js 24: ${names}. For more information see: https://github.blog/changelog/2025-09-19-deprecation-of-node-20-on-github-actions-runners/`,
    );
  }
  return { outputs, environmentUrl };
}

function attempt<T>(job: JobState, log: StepLog, failure: string, fallback: T, work: () => T): T {
  try {
    return work();
  } catch (error) {
    log.annotate("error", failure);
    log.annotate("error", errorMessage(error));
    recordFailure(job);
    return fallback;
  }
}

function jobOutputs(job: JobState, log: StepLog): Readonly<Record<string, string>> {
  const definitions = Object.entries(job.assignment.outputs);
  if (definitions.length === 0) return {};
  log.output("Evaluate and set job outputs");
  const scope = scopeAtEnd(job);
  const outputs: Record<string, string> = {};
  for (const [name, template] of definitions) {
    const value = evaluateText(template, scope, `outputs.${name}`);
    if (value === "") {
      log.debug(`Skip output '${name}' since it's empty`);
    } else if (value !== job.masker.mask(value)) {
      log.annotate("warning", `Skip output '${name}' since it may contain secret.`);
    } else {
      log.output(`Set output '${name}'`);
      outputs[name] = value;
    }
  }
  const bytes = Object.values(outputs).reduce((sum, value) => sum + 2 * value.length, 0);
  if (bytes > OUTPUT_LIMIT) {
    throw new Error(`the outputs of a job may have ${OUTPUT_LIMIT} bytes (in UTF-16) in total, these have ${bytes}`);
  }
  return outputs;
}

function environmentOf(job: JobState, log: StepLog): string | undefined {
  const { environmentUrl } = job.assignment;
  if (environmentUrl === undefined) return undefined;
  log.output("Evaluate and set environment url");
  const url = evaluateText(environmentUrl, scopeAtEnd(job), "environment.url");
  if (url !== job.masker.mask(url)) {
    log.annotate("warning", "Skip setting environment url as it may contain secret.");
    return undefined;
  }
  log.output(`Evaluated environment url: ${url}`);
  return url === "" ? undefined : url;
}

function scopeAtEnd(job: JobState) {
  const github = { ...job.assignment.contexts.github, workspace: job.folders.workspace };
  return expressionScope({ job, list: jobStepList(job), github, env: job.environment, status: job.status });
}
