/** The story of dispatch-training: check that it may start, start it once, wait and log why, fetch its record. */
import { runUrlOf } from "../../shared/action/context.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { DownloadedRecord } from "../../shared/adapters/dispatch/download-record.ts";
import type { TargetWorkflow } from "../../shared/adapters/dispatch/target-workflow.ts";
import { isOutage } from "../../shared/adapters/github/outage.ts";
import { assertRecordMatches } from "../../shared/core/training/assert-record-matches.ts";
import { prepareDispatchInputs } from "../../shared/core/training/dispatch-inputs.ts";
import { assertDispatchAllowed } from "../../shared/core/training/fork-guard.ts";
import { ActionError, type Problem, userError } from "../../shared/problem/problem.ts";
import { renderTraining } from "../../shared/report/training.ts";
import { type SavedDispatchedRun, saveDispatchedRun } from "./saved-dispatched-run.ts";
import type { spec } from "./spec.ts";
import { untilAnswered } from "./until-answered.ts";
import { type WatchPorts, type WatchResult, watchRun } from "./watch-run.ts";

export interface Ports extends WatchPorts {
  readonly findTargetWorkflow: () => Promise<TargetWorkflow>;
  /** Refuses a policy with keys that this release would have to ignore, such as a budget. */
  readonly assertPolicySupported: () => Promise<void>;
  readonly newRequestId: () => string;
  readonly dispatchWorkflow: (
    target: TargetWorkflow,
    inputs: Readonly<Record<string, string>>,
    requestId: string,
  ) => Promise<number>;
  readonly fetchRecord: (run: number, attempt: number) => Promise<DownloadedRecord>;
  readonly writeRecord: (text: string) => Promise<void>;
  /** Works after this job was cancelled, too. */
  readonly cancelRun: (run: number) => Promise<void>;
  /** The run of a dispatch request whose response was lost. */
  readonly findUnconfirmedRun: (saved: SavedDispatchedRun) => Promise<number | undefined>;
  /** Cancels the run, waits, then forces its end. */
  readonly endDispatchedRun: (run: number) => Promise<"ended" | "forced" | undefined>;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log, signal, state }) => {
  // Gather.
  assertDispatchAllowed(context.event, inputs["allow-forks"]);
  const commit = inputs.commit === "" ? context.sha : assertFullSha(inputs.commit);
  const target = await ports.findTargetWorkflow();
  await ports.assertPolicySupported();
  const requestId = ports.newRequestId();
  const values = prepareDispatchInputs(
    inputs.inputs,
    { commit, request: requestId },
    target.declaredInputs,
    target.path,
  );

  // Start.
  const dispatched: SavedDispatchedRun = { workflow: target.id, ref: target.ref, request: requestId, run: null };
  saveDispatchedRun(state, dispatched);
  const id = await ports.dispatchWorkflow(target, values, requestId).catch((error: unknown) => {
    // A run that cannot be seen is left alone: a re-run of this job finds it.
    if (isOutage(error)) saveDispatchedRun(state, undefined);
    throw error;
  });
  saveDispatchedRun(state, { ...dispatched, run: id });
  const url = runUrlOf(context, id);
  log.info(`Training commit ${commit.slice(0, 7)} with ${target.path} on ${target.ref}: ${url}`);

  // Wait.
  const limits = { timeout: inputs.timeout, startTimeout: inputs["start-timeout"] };
  const end = await watchRun(id, limits, ports, log, signal);
  if (end.kind === "ended" || end.kind === "unseen") saveDispatchedRun(state, undefined);
  else await ports.cancelRun(id);

  // Decide.
  const fetched = end.kind === "ended" ? await tryFetchRecord(end.attempt) : undefined;
  const succeeded = end.kind === "ended" && end.outcome === "success";
  if (succeeded && fetched?.error) throw fetched.error;
  if (succeeded && fetched?.downloaded) {
    assertRecordMatches(
      fetched.downloaded.record,
      { commit, repository: context.repository, run: id },
      inputs.artifact,
    );
  }

  // Show. The record of a failed training is written too, so that the gate can report why.
  if (fetched?.downloaded) await ports.writeRecord(fetched.downloaded.text);
  return {
    outputs: {
      outcome: end.outcome,
      record: fetched?.downloaded ? inputs.record : "",
      "run-id": String(id),
      "run-url": url,
    },
    summary: fetched?.downloaded ? renderTraining(fetched.downloaded.record) : "",
    failed: succeeded ? undefined : dispatchFailureProblem(id, end, url),
  };

  async function tryFetchRecord(attempt: number): Promise<RecordResult> {
    try {
      const read = () => ports.fetchRecord(id, attempt);
      return { downloaded: await untilAnswered(read, RECORD_PATIENCE_MS, ports, log, signal) };
    } catch (error) {
      if (error instanceof ActionError) return { error };
      throw error;
    }
  }
};

/** A training of hours is not lost to an outage of its last minute. */
const RECORD_PATIENCE_MS = 30 * 60_000;

function dispatchFailureProblem(id: number, { kind, outcome, because }: WatchResult, url: string): Problem {
  if (kind === "unseen") {
    const fix = `Re-run this job when GitHub and the token work again; see ${url}`;
    return { code: "dispatched-run-unseen", message: `how run ${id} ends is not known: ${because}`, fix };
  }
  const code = outcome === "failure" ? "dispatched-run-failed" : `dispatched-run-${outcome}`;
  return { code, message: `run ${id} did not train the commit: ${because}`, fix: `See ${url}` };
}

type RecordResult =
  | { readonly downloaded: DownloadedRecord; readonly error?: never }
  | { readonly downloaded?: never; readonly error: ActionError };

function assertFullSha(commit: string): string {
  if (/^[0-9a-f]{40}$/.test(commit)) return commit;
  throw userError({
    code: "commit-not-full",
    message: `input commit: ${JSON.stringify(commit)} is not a full commit SHA`,
    fix: "Pass all 40 hex digits, for example ${{ github.sha }}: a branch could move while the training waits",
  });
}
