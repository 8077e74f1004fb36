/** The story of dispatch-training: check that it may start, start it once, wait and log why, fetch its record. */
import { runUrlOf } from "../../shared/action/context.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { DownloadedRecord } from "../../shared/adapters/dispatch/download-record.ts";
import type { TargetWorkflow } from "../../shared/adapters/dispatch/target-workflow.ts";
import { isOutage } from "../../shared/adapters/github/outage.ts";
import { assertRecordMatches } from "../../shared/core/training/assert-record-matches.ts";
import { prepareDispatchInputs } from "../../shared/core/training/dispatch-inputs.ts";
import type { FailedJob } from "../../shared/core/training/failed-job.ts";
import { assertDispatchAllowed } from "../../shared/core/training/fork-guard.ts";
import { requestIdOf, requestKeyOf } from "../../shared/core/training/training-request.ts";
import { ActionError, type Problem, userError } from "../../shared/problem/problem.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import { formatRecord } from "../../shared/records/format-record.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import { trainingRecord } from "../../shared/records/training-record.ts";
import { renderFailure } from "../../shared/report/failed-jobs.ts";
import { renderTraining } from "../../shared/report/training.ts";
import { logFailedJobs, recordFailedTraining } from "./failed-training.ts";
import { findSpared, type SkipPorts } from "./same-training.ts";
import { type SavedDispatchedRun, saveDispatchedRun } from "./saved-dispatched-run.ts";
import type { spec } from "./spec.ts";
import { untilAnswered } from "./until-answered.ts";
import { type WatchPorts, type WatchResult, watchRun } from "./watch-run.ts";

export interface Ports extends WatchPorts, SkipPorts {
  readonly findTargetWorkflow: () => Promise<TargetWorkflow>;
  /** A run of an earlier attempt of this job with this key that spares a new one. */
  readonly findEarlierRun: (target: TargetWorkflow, key: string) => Promise<number | undefined>;
  /** What failed in the run; nothing where GitHub does not show it. */
  readonly readFailedJobs: (run: number, attempt: number) => Promise<readonly FailedJob[]>;
  /** Refuses a policy with keys that this release would have to ignore, such as a budget. */
  readonly assertPolicySupported: () => Promise<void>;
  readonly newRequestId: () => string;
  readonly digestOf: DigestFunction;
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
  const order = { run: context.run.id, job: context.job, workflow: target.id, ref: target.ref };
  const key = requestKeyOf({ ...order, commit, inputs: inputs.inputs }, ports.digestOf);
  const spared = await findSpared({ target, commit, force: inputs.force }, ports, log);
  const requestId = requestIdOf(key, ports.newRequestId(), spared.part);
  const values = prepareDispatchInputs(
    inputs.inputs,
    { commit, request: requestId },
    target.declaredInputs,
    target.path,
  );

  // Skip: nothing that matters differs from an earlier training.
  if (spared.record?.reused !== undefined) {
    const { run: id } = spared.record.reused.proof;
    await ports.writeRecord(formatRecord(inVersion(trainingRecord, spared.record, 2)));
    const outputs = { outcome: "success" as const, record: inputs.record, "run-id": String(id) };
    return {
      outputs: { ...outputs, "run-url": runUrlOf(context, id), commit },
      summary: renderTraining(spared.record),
    };
  }

  // Start, or go on with what an earlier attempt has started.
  const dispatched: SavedDispatchedRun = { workflow: target.id, ref: target.ref, request: requestId, run: null };
  const earlier = context.run.attempt > 1 ? await ports.findEarlierRun(target, key) : undefined;
  const id = earlier ?? (await startRun());
  saveDispatchedRun(state, { ...dispatched, run: id });
  const url = runUrlOf(context, id);
  if (earlier !== undefined) log.info("An earlier attempt of this job has started it: no other training is started");
  log.info(`Training commit ${commit.slice(0, 7)} with ${target.path} on ${target.ref}: ${url}`);

  // Wait.
  const limits = { timeout: inputs.timeout, startTimeout: inputs["start-timeout"] };
  const startedAt = toTimestamp(ports.githubNow());
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

  // Show. A training that failed has a record, too, so that the gate and the pull request say why.
  if (succeeded && fetched?.downloaded) {
    await ports.writeRecord(fetched.downloaded.text);
    const outputs = { outcome: end.outcome, record: inputs.record, "run-id": String(id), "run-url": url, commit };
    return { outputs, summary: renderTraining(fetched.downloaded.record) };
  }
  const jobs = end.kind === "ended" ? await ports.readFailedJobs(id, end.attempt) : [];
  await logFailedJobs(jobs, log);
  const problem = dispatchFailureProblem(id, end, url);
  const attempt = end.kind === "ended" ? end.attempt : 1;
  const origin = { repository: context.repository, workflow: target.path, run: id, attempt, actor: context.actor };
  const request = { commit, origin, startedAt, endedAt: toTimestamp(ports.githubNow()) };
  const record = recordFailedTraining({ end, problem, downloaded: fetched?.downloaded, jobs, request });
  if (end.kind !== "cancelled") await ports.writeRecord(formatRecord(inVersion(trainingRecord, record, 2)));
  return {
    outputs: {
      outcome: end.outcome,
      record: end.kind === "cancelled" ? "" : inputs.record,
      "run-id": String(id),
      "run-url": url,
      commit,
    },
    summary: [renderTraining(record), renderFailure(record)].join("\n"),
    failed: problem,
  };

  async function startRun(): Promise<number> {
    saveDispatchedRun(state, dispatched);
    try {
      return await ports.dispatchWorkflow(target, values, requestId);
    } catch (error) {
      // A run that cannot be seen is left alone: a re-run of this job finds it.
      if (isOutage(error)) saveDispatchedRun(state, undefined);
      throw error;
    }
  }

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

const toTimestamp = (ms: number): string => new Date(ms).toISOString();

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
