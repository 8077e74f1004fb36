/** A workflow run, with the fields that say who made it. */
import * as z from "zod";

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
