/** The story of train-model: may it run here, on which commit and data; train; what came out, and is it whole. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { ProcessResult } from "../../shared/adapters/process/supervise-process.ts";
import { assertTrainingAllowed } from "../../shared/core/training/fork-guard.ts";
import { validateTrainingParams } from "../../shared/core/training/params.ts";
import type { PostState } from "../../shared/core/training/post-state.ts";
import type { TrainingTask } from "../../shared/core/training/training-environment.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
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
  /** The commit that is checked out, unchanged. */
  readonly readCommit: () => Promise<string>;
  readonly machine: {
    /** `github-hosted`, or something else. */
    readonly kind: string;
    readonly describe: () => Promise<TrainingRecord["environment"]>;
  };
  /** The command as it may be recorded. */
  readonly commandRecord: () => readonly string[];
  readonly writeRecord: (record: TrainingRecord) => Promise<void>;
  /** Runs the command; `remember` is told what the post step must know. */
  readonly train: (
    task: Omit<TrainingTask, "paramsFile" | "deadline">,
    remember: (unfinished: PostState) => void,
    cancelled: AbortSignal,
  ) => Promise<ProcessResult>;
  /** Waits for what is left of a training, and ends it. */
  readonly stopTraining: (unfinished: PostState) => Promise<"exited" | "killed" | "stuck">;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log, signal, state }) => {
  // Gather.
  assertTrainingAllowed(context.event, ports.machine.kind, inputs["allow-forks"]);
  const params = validateTrainingParams(inputs.params);
  const commit = await ports.readCommit();
  const dataDigest = await verifyDataDigest(inputs["data-report"], ports.files);
  const before = await fingerprintFiles([...inputs.metrics, ...inputs.model], ports);
  const begun = createInitialRecord({
    ...{ commit, dataDigest, params, context },
    command: ports.commandRecord(),
    environment: await ports.machine.describe(),
    now: ports.now(),
  });
  // Written as cancelled before anything runs: whatever ends this process, there is a record that claims nothing.
  await ports.writeRecord(begun);
  signal.throwIfAborted();

  // Train.
  log.info(`Training commit ${commit.slice(0, 7)}`);
  const task = { params, commit, dataDigest, attempt: context.run.attempt };
  const remember = (unfinished: PostState | undefined): void =>
    state.save("unfinished", unfinished ? JSON.stringify(unfinished) : "");
  const ended = await ports.train(task, remember, signal);
  if (ended.kind !== "cancelled" || !ended.survivingGroup) remember(undefined);

  // Judge and show.
  const results = await collectResults(ended, inputs, before, ports);
  const record = createFinalRecord(begun, ended, results, ports.now());
  await ports.writeRecord(record);
  for (const problem of results.problems) log.error(problem);
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
