/** The run that an earlier attempt of this job has started for the same request. */
import * as z from "zod";
import { requestIdOf, reusableRuns } from "../../core/training/training-request.ts";
import { ActionError } from "../../problem/problem.ts";
import type { GitHub } from "../github/github.ts";
import { isOutage } from "../github/outage.ts";
import { parseResponse } from "../github/parse-response.ts";
import { downloadRecord } from "./download-record.ts";
import { listDispatchedRuns } from "./listed-runs.ts";
import type { TargetWorkflow } from "./target-workflow.ts";

const run = z.object({ created_at: z.iso.datetime() });

interface EarlierRequest {
  readonly target: TargetWorkflow;
  readonly key: string;
  /** The run that orders, since whose first attempt runs are looked for. */
  readonly orderedBy: number;
  readonly artifact: string;
}

/**
 * @returns a run that has not ended, or one that succeeded and whose record is still there; `undefined`: none of them
 * @throws GitHubError
 */
export async function findEarlierRun(github: GitHub, request: EarlierRequest): Promise<number | undefined> {
  const { target, key, orderedBy, artifact } = request;
  const { data } = await github.rest.actions.getWorkflowRun({ ...github.repository, run_id: orderedBy });
  const since = parseResponse(run, data, `run ${orderedBy}`).created_at.slice(0, 10);
  for (const earlier of reusableRuns(await listDispatchedRuns(github, target, requestIdOf(key, ""), since))) {
    if (earlier.state.kind !== "ended") return earlier.id;
    try {
      await downloadRecord(github, earlier, artifact);
      return earlier.id;
    } catch (error) {
      // Its artifact has expired, for example: it must be trained again.
      if (!(error instanceof ActionError) || isOutage(error)) throw error;
    }
  }
  return undefined;
}
