/** Starts a workflow once, and knows which run that made. */
import * as z from "zod";
import { isFindable } from "../../core/training/dispatch-inputs.ts";
import { type DispatchedRunCriteria, matchDispatchedRuns } from "../../core/training/match-dispatched-runs.ts";
import { userError } from "../../problem/problem.ts";
import { type GitHub, GitHubError, type Json } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import type { Time } from "../github/time.ts";
import type { TargetWorkflow } from "./target-workflow.ts";

export interface DispatchOptions {
  readonly target: TargetWorkflow;
  readonly inputs: Readonly<Record<string, string>>;
  /** Random; among `inputs` when the workflow takes it. */
  readonly requestId: string;
  readonly today: Date;
}

/** What must be known to look for a run. */
export interface RunSearch {
  readonly target: Pick<TargetWorkflow, "id" | "ref" | "path">;
  readonly requestId: string;
  readonly today: Date;
}

const DISPATCH = "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches";
const details = z.object({ workflow_run_id: z.int().positive() });
const account = z.object({ login: z.string(), type: z.string() });
const listed = z.object({
  id: z.int().positive(),
  display_title: z.string(),
  event: z.string(),
  head_branch: z.string().nullable(),
  workflow_id: z.int(),
  actor: account.nullish(),
});
/** A new run may be missing from lists for some seconds; looked for after each of these waits. */
const RUN_LOOKUP_DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;

/**
 * @returns the run's id
 * @throws ActionError `dispatch-in-doubt` when nobody can say whether a run was started, `dispatch-not-findable` on a
 *   server that does not say which, `dispatch-lost` when it was not found within a minute; GitHubError
 */
export async function dispatchWorkflow(
  github: GitHub,
  order: DispatchOptions,
  time: Pick<Time, "sleep">,
): Promise<number> {
  const { target: callee, inputs } = order;
  const params = { workflow_id: callee.id, ref: callee.ref, inputs };
  const findable = isFindable(callee.declaredInputs);
  const find = async (): Promise<Json | undefined> => {
    if (!findable) throw outcomeUnknown(callee);
    const id = await findDispatchedRun(github, order);
    return id === undefined ? undefined : { workflow_run_id: id };
  };
  let answer: Json;
  try {
    answer = await github.create({ send: { route: DISPATCH, params: { ...params, return_run_details: true } }, find });
  } catch (error) {
    if (!(error instanceof GitHubError) || (error.status !== 400 && error.status !== 422)) throw error;
    // Enterprise Server up to 3.20 does not know `return_run_details` and refuses the order for it (cli/cli#12672).
    if (!findable) throw error.status === 400 ? notFindable(callee) : error;
    answer = await github.create({ send: { route: DISPATCH, params }, find });
  }
  const told = details.safeParse(answer);
  if (told.success) return told.data.workflow_run_id;
  if (!findable) throw outcomeUnknown(callee);
  for (const wait of RUN_LOOKUP_DELAYS_MS) {
    const id = await findDispatchedRun(github, order);
    if (id !== undefined) return id;
    await time.sleep(wait);
  }
  throw runNotListed(callee);
}

/** The run of an order, looked for among all that were started since yesterday. @throws ActionError `dispatch-ambiguous` */
export async function findDispatchedRun(github: GitHub, order: RunSearch): Promise<number | undefined> {
  const { target: callee, requestId: request, today } = order;
  const yesterday = new Date(today.getTime() - 86_400_000).toISOString().slice(0, 10);
  const runs = await github.readAll("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", {
    workflow_id: callee.id,
    event: "workflow_dispatch",
    branch: callee.ref,
    created: `>=${yesterday}`,
  });
  const sought: DispatchedRunCriteria = {
    request,
    branch: callee.ref,
    workflow: callee.id,
    actor: await readTokenOwner(github),
  };
  const found = matchDispatchedRuns(runs.map(toListedRun), sought);
  if (found.length > 1) throw ambiguous(callee, found.length);
  return found[0]?.id;
}

function toListedRun(run: Json) {
  const {
    id,
    display_title: title,
    event,
    head_branch: branch,
    workflow_id: workflow,
    actor,
  } = parseResponse(listed, run, "workflow runs");
  return { id, title, event, branch, workflow, actor: { login: actor?.login ?? "", isBot: actor?.type === "Bot" } };
}

/** The token of a job or App may not ask who it is; what it does is done by a bot. */
async function readTokenOwner(github: GitHub): Promise<DispatchedRunCriteria["actor"]> {
  try {
    return { login: parseResponse(account, await github.read("GET /user"), "the token's owner").login };
  } catch (error) {
    if (error instanceof GitHubError && (error.status === 403 || error.status === 401)) return "bot";
    throw error;
  }
}

const REQUEST_INPUT_FIX =
  'Let it take an input "request" and show it: "run-name: train ${{ inputs.commit }} ${{ inputs.request }}"';

const outcomeUnknown = ({ path }: TargetWorkflow): Error =>
  userError({
    code: "dispatch-in-doubt",
    message: "GitHub did not say whether it started a run, and its runs cannot be told apart",
    place: { file: path },
    fix: `Look under Actions for a run that nobody follows. ${REQUEST_INPUT_FIX}`,
  });

const notFindable = ({ path }: TargetWorkflow): Error =>
  userError({
    code: "dispatch-not-findable",
    message: "this GitHub does not say which run it started, and this workflow's runs cannot be told apart",
    place: { file: path },
    fix: REQUEST_INPUT_FIX,
  });

const runNotListed = ({ path }: TargetWorkflow): Error =>
  userError({
    code: "dispatch-lost",
    message: "a run was started, but did not show up within a minute",
    place: { file: path },
    fix: "Re-run the job; and check under Actions that the first one is not running",
  });

const ambiguous = ({ path }: RunSearch["target"], runs: number): Error =>
  userError({
    code: "dispatch-ambiguous",
    message: `${runs} runs carry this request's random id: somebody copied it`,
    place: { file: path },
    fix: "Find out who started them; then re-run the job",
  });
