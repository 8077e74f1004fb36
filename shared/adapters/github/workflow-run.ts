/** A workflow run, with the fields that say who made it. */
import * as z from "zod";
import type { GitHub } from "./github.ts";
import { parseResponse } from "./parse-response.ts";

const repository = z.object({ id: z.int() });

export const workflowRun = z.object({
  id: z.int(),
  path: z.string(),
  event: z.string(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  head_sha: z.string(),
  head_branch: z.string().nullable(),
  repository,
  head_repository: repository.nullable(),
});

export type WorkflowRun = z.infer<typeof workflowRun>;

/** @returns `undefined` for a run that is not there. @throws GitHubError */
export async function readRun(github: GitHub, id: number): Promise<WorkflowRun | undefined> {
  const response = await github.find(() => github.rest.actions.getWorkflowRun({ ...github.repository, run_id: id }));
  return response === undefined ? undefined : parseResponse(workflowRun, response, `run ${id}`);
}
