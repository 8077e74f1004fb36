/** The story of train-model: check that it may run here, and on which commit and data; train; check and record the results. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { ProcessResult } from "../../shared/adapters/process/supervise-process.ts";
import type { WantedVersion } from "../../shared/core/policy/record-version.ts";
import { assertTrainingAllowed } from "../../shared/core/training/fork-guard.ts";
import { validateTrainingParams } from "../../shared/core/training/params.ts";
import type { PostState } from "../../shared/core/training/post-state.ts";
import type { TrainingTask } from "../../shared/core/training/training-environment.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { type TrainingRecord, trainingRecord } from "../../shared/records/training-record.ts";
import { renderTraining } from "../../shared/report/training.ts";
import { failureProblem } from "./failure-problem.ts";
import { createFinalRecord, createInitialRecord } from "./record.ts";
import { collectResults, fingerprintFiles, type ReadFingerprint } from "./results.ts";
import type { spec } from "./spec.ts";
import { verifyDataDigest } from "./verify-data-digest.ts";

export interface Ports {
  readonly files: WorkspaceFiles;
  readonly fingerprint: ReadFingerprint;
  readonly digestOf: DigestFunction;
  readonly now: () => Date;
  /** The commit that is checked out; refuses a checkout with changes. */
  readonly readCommit: () => Promise<string>;
  readonly machine: {
    /** `RUNNER_ENVIRONMENT`: `github-hosted`, or something else. */
    readonly environment: string;
    readonly describe: () => Promise<TrainingRecord["environment"]>;
  };
  /** The command without secrets, as it may be recorded. */
  readonly commandRecord: () => readonly string[];
  /** The version of records that the checkout's policy asks for. Refuses keys that this release would have to ignore. */
  readonly readRecordVersion: () => Promise<WantedVersion>;
  readonly writeRecord: (record: ReadRecord<TrainingRecord>) => Promise<void>;
  /** Runs the command; calls `savePostState` with what the post step must know. */
  readonly train: (
    task: Omit<TrainingTask, "paramsFile" | "deadline">,
    savePostState: (postState: PostState) => void,
    signal: AbortSignal,
  ) => Promise<ProcessResult>;
  /** Waits for a training that is still running, and ends it. */
  readonly stopTraining: (postState: PostState) => Promise<"exited" | "killed" | "stuck">;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log, signal, state }) => {
  // Gather.
  assertTrainingAllowed(context.event, ports.machine.environment, inputs["allow-forks"]);
  const params = validateTrainingParams(inputs.params);
  const commit = await ports.readCommit();
  const dataDigest = await verifyDataDigest(inputs["data-report"], ports.files);
  const { version, note } = await ports.readRecordVersion();
  if (note !== undefined) log.warn(note);
  const before = await fingerprintFiles([...inputs.metrics, ...inputs.model, ...inputs.predictions], ports);
  const initial = createInitialRecord({
    ...{ commit, dataDigest, params, context },
    command: ports.commandRecord(),
    environment: await ports.machine.describe(),
    now: ports.now(),
  });
  // Written as cancelled before anything runs: if this process is killed, there is a record, and it claims no results.
  await ports.writeRecord(inVersion(trainingRecord, initial, version));
  signal.throwIfAborted();

  // Train.
  log.info(`Training commit ${commit.slice(0, 7)}`);
  const task = { params, commit, dataDigest, attempt: context.run.attempt };
  const savePostState = (postState: PostState | undefined): void =>
    state.save("post-state", postState ? JSON.stringify(postState) : "");
  const ended = await ports.train(task, savePostState, signal);
  if (ended.kind !== "cancelled" || !ended.survivingGroup) savePostState(undefined);

  // Decide and show.
  const results = await collectResults(ended, inputs, before, { ...ports, own: [inputs.record] });
  const record = createFinalRecord(initial, ended, results, ports.now());
  await ports.writeRecord(inVersion(trainingRecord, record, version));
  for (const problem of results.problems) log.error(problem);
  for (const warning of results.warnings) log.warn(warning);
  return {
    outputs: {
      outcome: record.outcome,
      record: inputs.record,
      "exit-code": record.exit.code === null ? "" : String(record.exit.code),
      "model-digest": record.model?.digest ?? "",
    },
    summary: renderTraining(record),
    failed: record.outcome === "success" ? undefined : failureProblem(record, ended, results),
  };
};
