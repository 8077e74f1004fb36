/** Dispatches a workflow once, and identifies the run that this started. */
import * as z from "zod";
import { isFindable } from "../../core/training/dispatch-declaration.ts";
import { userError } from "../../problem/problem.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { isOutage } from "../github/outage.ts";
import type { Time } from "../github/time.ts";
import { isInDoubt } from "../github/write-once.ts";
import { listDispatchedRuns } from "./listed-runs.ts";
import type { TargetWorkflow } from "./target-workflow.ts";

export interface DispatchOptions {
  readonly target: TargetWorkflow;
  readonly inputs: Readonly<Record<string, string>>;
  /** Random; also in `inputs` when the workflow declares that input. */
  readonly requestId: string;
  readonly today: Date;
  /** Milliseconds that an outage may last before it is given up to find out whether a run was started. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

/** What a dispatched run is searched by. */
export interface RunSearch {
  readonly target: Pick<TargetWorkflow, "id" | "ref" | "path">;
  readonly requestId: string;
  readonly today: Date;
}

const runDetails = z.object({ workflow_run_id: z.int().positive() });
/**
 * A new run may be missing from lists for some seconds; the search is repeated after each of these waits. Only when it is
 * still missing then, three minutes of answers later, the order is taken to have had no effect: a second training costs more.
 */
const RUN_LOOKUP_DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 60_000] as const;
const OUTAGE_DELAY_MS = 30_000;
const MAX_ORDERS = 3;

/** What is known after an order: the run; that there is one, as old servers say; or nothing. */
type Ordered = { readonly run: number } | "started" | "in doubt";

/**
 * @returns the run's id
 * @throws ActionError `dispatch-in-doubt` when it is unknown whether a run was started, `dispatch-not-findable` on a server
 *   that does not return the run, `dispatch-lost` when no run was found; GitHubError
 */
export async function dispatchWorkflow(
  github: GitHub,
  options: DispatchOptions,
  time: Pick<Time, "now" | "sleep">,
): Promise<number> {
  const { target } = options;
  const findable = isFindable(target.declaredInputs);
  for (let orders = 1; ; orders += 1) {
    const ordered = await order(github, options, findable);
    if (typeof ordered === "object") return ordered.run;
    if (!findable) throw outcomeUnknown(target);
    const found = await searchRun(github, options, time);
    if (found !== undefined) return found;
    if (ordered === "started" || orders === MAX_ORDERS) throw runNotListed(target);
  }
}

async function order(github: GitHub, options: DispatchOptions, findable: boolean): Promise<Ordered> {
  const { target, inputs } = options;
  const send = async (how: { readonly return_run_details?: boolean }): Promise<Ordered> => {
    const params = { ...github.repository, workflow_id: target.id, ref: target.ref, inputs: { ...inputs }, ...how };
    const { data } = await github.rest.actions.createWorkflowDispatch(params);
    const run = runDetails.safeParse(data).data?.workflow_run_id;
    return run === undefined ? "started" : { run };
  };
  try {
    return await send({ return_run_details: true }).catch((error: unknown) => {
      if (!(error instanceof GitHubError) || (error.status !== 400 && error.status !== 422)) throw error;
      // Enterprise Server up to 3.20 does not know `return_run_details` and rejects the request for it (cli/cli#12672).
      if (!findable) throw error.status === 400 ? notFindable(target) : error;
      return send({});
    });
  } catch (error) {
    if (error instanceof GitHubError && isInDoubt(error)) return "in doubt";
    throw error;
  }
}

/** @returns `undefined` when GitHub says again and again that there is no such run. @throws GitHubError */
async function searchRun(
  github: GitHub,
  options: DispatchOptions,
  time: Pick<Time, "now" | "sleep">,
): Promise<number | undefined> {
  const { patience, signal } = options;
  const deadline = time.now() + patience;
  const delays = RUN_LOOKUP_DELAYS_MS.values();
  for (;;) {
    let wait: number = OUTAGE_DELAY_MS;
    try {
      const id = await findDispatchedRun(github, options);
      if (id !== undefined) return id;
      const next = delays.next();
      if (next.done) return undefined;
      wait = next.value;
    } catch (error) {
      if (!isOutage(error) || time.now() >= deadline) throw error;
    }
    await time.sleep(wait, signal);
  }
}

/** Searches all runs started since yesterday for the dispatched one. @throws ActionError `dispatch-ambiguous` */
export async function findDispatchedRun(github: GitHub, search: RunSearch): Promise<number | undefined> {
  const { target, requestId, today } = search;
  const yesterday = new Date(today.getTime() - 86_400_000).toISOString().slice(0, 10);
  const found = await listDispatchedRuns(github, target, requestId, yesterday);
  if (found.length > 1) throw ambiguous(target, found.length);
  return found[0]?.id;
}

const REQUEST_INPUT_FIX =
  'Declare an input "request" in this workflow, and show it in the title: "run-name: train ${{ inputs.commit }} ${{ inputs.request }}"';

const outcomeUnknown = ({ path }: TargetWorkflow): Error =>
  userError({
    code: "dispatch-in-doubt",
    message: "GitHub did not confirm that it started a run, and this workflow's runs cannot be told apart",
    place: { file: path },
    fix: `Look under Actions for a run that no job waits for, and cancel it. ${REQUEST_INPUT_FIX}`,
  });

const notFindable = ({ path }: TargetWorkflow): Error =>
  userError({
    code: "dispatch-not-findable",
    message:
      "this GitHub server does not return the run that it started, and this workflow's runs cannot be told apart",
    place: { file: path },
    fix: REQUEST_INPUT_FIX,
  });

const runNotListed = ({ path }: TargetWorkflow): Error =>
  userError({
    code: "dispatch-lost",
    message: "a run was started, but was not listed within three minutes",
    place: { file: path },
    fix: "Look for that run under Actions and cancel it, then re-run the job",
  });

const ambiguous = ({ path }: RunSearch["target"], runs: number): Error =>
  userError({
    code: "dispatch-ambiguous",
    message: `${runs} runs have this request's random ID: someone copied it`,
    place: { file: path },
    fix: "Find out who started them; then re-run the job",
  });
