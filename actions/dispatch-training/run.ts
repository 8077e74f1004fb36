/** The story of dispatch-training: may it be started, start it once, wait with reasons, take its record. */

import type { ActionBody } from "../../shared/action/run-action.ts";
import type { DownloadedRecord } from "../../shared/adapters/dispatch/download-record.ts";
import type { TargetWorkflow } from "../../shared/adapters/dispatch/target-workflow.ts";
import { assertRecordMatches } from "../../shared/core/training/assert-record-matches.ts";
import { prepareDispatchInputs } from "../../shared/core/training/dispatch-inputs.ts";
import { assertDispatchAllowed } from "../../shared/core/training/fork-guard.ts";
import { ActionError, type Problem, userError } from "../../shared/problem/problem.ts";
import { renderTraining } from "../../shared/report/training.ts";
import { type SavedDispatchedRun, saveDispatchedRun } from "./saved-dispatched-run.ts";
import type { spec } from "./spec.ts";
import { type WatchPorts, type WatchResult, watchRun } from "./watch-run.ts";

export interface Ports extends WatchPorts {
  readonly findTargetWorkflow: () => Promise<TargetWorkflow>;
  readonly newRequestId: () => string;
  readonly dispatchWorkflow: (
    callee: TargetWorkflow,
    inputs: Readonly<Record<string, string>>,
    request: string,
  ) => Promise<number>;
  readonly fetchRecord: (run: number, attempt: number) => Promise<DownloadedRecord>;
  readonly writeRecord: (text: string) => Promise<void>;
  /** Works after a cancellation too. */
  readonly cancelRun: (run: number) => Promise<void>;
  /** The run that an order made whose answer nobody heard. */
  readonly findUnconfirmedRun: (child: SavedDispatchedRun) => Promise<number | undefined>;
  /** Cancels, waits, and forces. */
  readonly endDispatchedRun: (run: number) => Promise<"ended" | "forced" | undefined>;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log, signal, state }) => {
  // Gather.
  assertDispatchAllowed(context.event, inputs["allow-forks"]);
  const commit = inputs.commit === "" ? context.sha : assertFullSha(inputs.commit);
  const callee = await ports.findTargetWorkflow();
  const request = ports.newRequestId();
  const passed = prepareDispatchInputs(inputs.inputs, { commit, request }, callee.declaredInputs, callee.path);

  // Start.
  const child: SavedDispatchedRun = { workflow: callee.id, ref: callee.ref, request, run: null };
  saveDispatchedRun(state, child);
  const id = await ports.dispatchWorkflow(callee, passed, request);
  saveDispatchedRun(state, { ...child, run: id });
  const { url } = await ports.readDispatchedRun(id);
  log.info(`Training commit ${commit.slice(0, 7)} with ${callee.path} on ${callee.ref}: ${url}`);

  // Wait.
  const limits = { timeout: inputs.timeout, startTimeout: inputs["start-timeout"] };
  const end = await watchRun(id, limits, ports, log, signal);
  if (end.kind === "ended") saveDispatchedRun(state, undefined);
  else await ports.cancelRun(id);

  // Judge.
  const left = end.kind === "ended" ? await tryFetchRecord(id, end.attempt, ports) : undefined;
  const succeeded = end.kind === "ended" && end.outcome === "success";
  if (succeeded && left?.error) throw left.error;
  if (succeeded && left?.downloaded) {
    assertRecordMatches(left.downloaded.record, { commit, repository: context.repository, run: id }, inputs.artifact);
  }

  // Show; the record of a training that failed too, so that the gate can say why.
  if (left?.downloaded) await ports.writeRecord(left.downloaded.text);
  return {
    outputs: {
      outcome: end.outcome,
      record: left?.downloaded ? inputs.record : "",
      "run-id": String(id),
      "run-url": url,
    },
    summary: left?.downloaded ? renderTraining(left.downloaded.record) : "",
    failed: succeeded ? undefined : dispatchFailureProblem(id, end, url),
  };
};

const dispatchFailureProblem = (id: number, { outcome, because }: WatchResult, url: string): Problem => ({
  code: outcome === "failure" ? "dispatched-run-failed" : `dispatched-run-${outcome}`,
  message: `run ${id} did not train the commit: ${because}`,
  fix: `See ${url}`,
});

type RecordResult =
  | { readonly downloaded: DownloadedRecord; readonly error?: never }
  | { readonly downloaded?: never; readonly error: ActionError };

async function tryFetchRecord(id: number, attempt: number, ports: Ports): Promise<RecordResult> {
  try {
    return { downloaded: await ports.fetchRecord(id, attempt) };
  } catch (error) {
    if (error instanceof ActionError) return { error: error };
    throw error;
  }
}

function assertFullSha(commit: string): string {
  if (/^[0-9a-f]{40}$/.test(commit)) return commit;
  throw userError({
    code: "commit-not-full",
    message: `input commit: ${JSON.stringify(commit)} is not a full commit SHA`,
    fix: "Pass all 40 hex digits, for example ${{ github.sha }}: a branch could move while it waits",
  });
}
