/** The run that a training record says it is from: only GitHub can say whether there is one, and who started it. */
import type { MetricsFile } from "../../core/metrics/read-metrics.ts";
import type { GitHub } from "../github/github.ts";
import { readRun, type WorkflowRun } from "../github/workflow-run.ts";

/**
 * @param judgingRun nothing is asked about the run that asks
 * @returns `undefined` when no record names another run, or that run is not there
 * @throws GitHubError
 */
export async function findTrainingRun(
  github: GitHub,
  files: readonly Pick<MetricsFile, "record">[],
  judgingRun: number,
): Promise<WorkflowRun | undefined> {
  const named = files.map(({ record }) => record?.origin.run).find((run) => run !== undefined && run !== judgingRun);
  return named === undefined ? undefined : readRun(github, named);
}
