/** Runs of a workflow that may be ours, as GitHub lists them. */
import * as z from "zod";
import {
  type DispatchedRunCriteria,
  type ListedRun,
  matchDispatchedRuns,
} from "../../core/training/match-dispatched-runs.ts";
import { parseRunState } from "../../core/training/run-state.ts";
import type { EarlierRun } from "../../core/training/training-request.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import type { TargetWorkflow } from "./target-workflow.ts";

const account = z.object({ login: z.string(), type: z.string() });
const listedRun = z.object({
  id: z.int().positive(),
  display_title: z.string(),
  event: z.string(),
  head_branch: z.string().nullable(),
  workflow_id: z.int(),
  actor: account.nullish(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  run_attempt: z.int().default(1),
});

/**
 * Dispatched by this token's account, since that day, with this text in their title.
 *
 * @param since `2026-01-31`
 * @throws GitHubError
 */
export async function listDispatchedRuns(
  github: GitHub,
  target: Pick<TargetWorkflow, "id" | "ref">,
  request: string,
  since: string,
): Promise<readonly EarlierRun[]> {
  const runs = await github.readAll(github.rest.actions.listWorkflowRuns, {
    ...github.repository,
    workflow_id: target.id,
    event: "workflow_dispatch",
    branch: target.ref,
    created: `>=${since}`,
  });
  const actor = await readTokenOwner(github);
  return matchDispatchedRuns(runs.map(toListedRun), { request, branch: target.ref, workflow: target.id, actor });
}

function toListedRun(item: unknown): ListedRun & EarlierRun {
  const run = parseResponse(listedRun, item, "workflow runs");
  return {
    id: run.id,
    title: run.display_title,
    event: run.event,
    branch: run.head_branch,
    workflow: run.workflow_id,
    actor: { login: run.actor?.login ?? "", isBot: run.actor?.type === "Bot" },
    state: parseRunState(run.status, run.conclusion),
    attempt: run.run_attempt,
  };
}

/** The token of a job or App may not read its owner; a bot is then the actor of its runs. */
async function readTokenOwner(github: GitHub): Promise<DispatchedRunCriteria["actor"]> {
  try {
    const { data } = await github.rest.users.getAuthenticated();
    return { login: parseResponse(account, data, "the token's owner").login };
  } catch (error) {
    if (error instanceof GitHubError && (error.status === 403 || error.status === 401)) return "bot";
    throw error;
  }
}
