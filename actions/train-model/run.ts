/** The story of train-model: check that it may run here, and on which commit and data; train; check and record the results. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { CommandFiles } from "../../shared/adapters/process/command-files.ts";
import type { StopResult } from "../../shared/adapters/process/process-tree.ts";
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
import { assertClean, type CheckoutState } from "./checkout.ts";
import type { MachineProbe } from "./describe-machine.ts";
import { failureProblem } from "./failure-problem.ts";
import { commandFileChanged, credentialsVisible, describeSurvivors } from "./isolation-problems.ts";
import { createFinalRecord, createInitialRecord } from "./record.ts";
import { collectResults, fingerprintFiles, type ReadFingerprint } from "./results.ts";
import type { spec } from "./spec.ts";
import { verifyDataDigest } from "./verify-data-digest.ts";
import { refuseResults, verifyUnchanged } from "./verify-unchanged.ts";

export interface StoppedTraining {
  readonly end: StopResult;
  /** When the watchdog sent the stop signal; `undefined` when it did not have to. */
  readonly stoppedByWatchdogAt: string | undefined;
}

export interface Ports {
  readonly files: WorkspaceFiles;
  readonly fingerprint: ReadFingerprint;
  readonly digestOf: DigestFunction;
  readonly now: () => Date;
  readonly readCheckout: () => Promise<CheckoutState>;
  readonly machine: {
    /** `RUNNER_ENVIRONMENT`: `github-hosted`, or something else. */
    readonly environment: string;
    readonly describe: () => MachineProbe;
  };
  /** Names of variables of the job. */
  readonly credentials: {
    /** Those that the training shall not have, but can read: this system cannot drop them. */
    readonly withheldButThere: readonly string[];
    readonly granted: readonly string[];
  };
  readonly guardCommandFiles: () => CommandFiles;
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
  readonly stopTraining: (postState: PostState) => Promise<StoppedTraining>;
}

/** How long a probe of the machine may still take when the training has ended, in milliseconds. */
const PROBE_PATIENCE = 1_000;

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log, signal, state }) => {
  // Gather.
  assertTrainingAllowed(context.event, ports.machine.environment, inputs["allow-forks"]);
  const params = validateTrainingParams(inputs.params);
  const machine = ports.machine.describe();
  const checkout = await ports.readCheckout();
  assertClean(checkout);
  const { commit, tree } = checkout;
  const { digest: dataDigest, paths: dataPaths } = await verifyDataDigest(inputs["data-report"], ports.files);
  const { version, note } = await ports.readRecordVersion();
  if (note !== undefined) log.warn(note);
  const before = await fingerprintFiles([...inputs.metrics, ...inputs.model], ports);
  const origin = { checkout, data: await fingerprintFiles(dataPaths, ports) };
  const initial = createInitialRecord({
    ...{ commit, tree, dataDigest, params, context, granted: ports.credentials.granted },
    command: ports.commandRecord(),
    environment: machine.soFar(),
    now: ports.now(),
  });
  // Written as cancelled before anything runs: if this process is killed, there is a record, and it claims no results.
  await ports.writeRecord(inVersion(trainingRecord, initial, version));
  signal.throwIfAborted();

  // Train.
  if (ports.credentials.withheldButThere.length > 0) log.warn(credentialsVisible(ports.credentials.withheldButThere));
  const commandFiles = ports.guardCommandFiles();
  log.info(`Training commit ${commit.slice(0, 7)}`);
  const task = { params, commit, dataDigest, attempt: context.run.attempt };
  const savePostState = (postState: PostState | undefined): void =>
    commandFiles.write(() => state.save("post-state", postState ? JSON.stringify(postState) : ""));
  const ended = await ports.train(task, savePostState, signal);
  if (ended.kind !== "cancelled" || !ended.survivingTree) savePostState(undefined);
  const tampered = commandFiles.restore().map(commandFileChanged);

  // Decide and show.
  const collected = await collectResults(ended, inputs, before, { ...ports, own: [inputs.record] });
  const succeeded = ended.kind === "exited" && ended.exit.code === 0;
  const mayChange = [...inputs.metrics, ...inputs.model, ...inputs["may-change"], inputs.record];
  const after = succeeded ? await verifyUnchanged(origin, mayChange, ports) : undefined;
  const survivors = describeSurvivors(ended.survivors);
  const results = refuseResults(
    { ...collected, warnings: [...survivors.ended, ...collected.warnings] },
    after ? [...after.problems, ...tampered, ...survivors.stuck] : [],
  );
  const environment = await machine.within(ended.kind === "cancelled" ? 0 : PROBE_PATIENCE);
  const facts = { environment, end: after?.end, now: ports.now(), inputs };
  const record = createFinalRecord(initial, ended, results, facts);
  await ports.writeRecord(inVersion(trainingRecord, record, version));
  for (const problem of succeeded ? results.problems : tampered) log.error(problem);
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
