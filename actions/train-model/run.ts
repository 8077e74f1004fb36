/** The story of train-model: check that it may run here, and on which commit and data; train; check and record the results. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { CheckpointFolder } from "../../shared/adapters/checkpoints/checkpoint-folder.ts";
import { followDvc } from "../../shared/adapters/files/follow-dvc.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { CommandFiles } from "../../shared/adapters/process/command-files.ts";
import type { StopResult } from "../../shared/adapters/process/process-tree.ts";
import type { ProcessResult } from "../../shared/adapters/process/supervise-process.ts";
import type { WantedVersion } from "../../shared/core/policy/record-version.ts";
import { diagnose } from "../../shared/core/training/diagnosis/diagnose.ts";
import { assertTrainingAllowed } from "../../shared/core/training/fork-guard.ts";
import { logPathOf } from "../../shared/core/training/kept-log.ts";
import { validateTrainingParams } from "../../shared/core/training/params.ts";
import type { PostState } from "../../shared/core/training/post-state.ts";
import { checkMachine, toProblems } from "../../shared/core/training/preflight/check-machine.ts";
import { readRequirements } from "../../shared/core/training/preflight/requirements.ts";
import { readPrice } from "../../shared/core/training/price.ts";
import type { TrainingTask } from "../../shared/core/training/training-environment.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { type TrainingRecord, trainingRecord } from "../../shared/records/training-record.ts";
import { renderTraining } from "../../shared/report/training.ts";
import { assertClean, type CheckoutState } from "./checkout.ts";
import { collectCurves } from "./curves.ts";
import type { MachineProbe } from "./describe-machine.ts";
import { failureProblem } from "./failure-problem.ts";
import { commandFileChanged, credentialsVisible, describeSurvivors } from "./isolation-problems.ts";
import { LEFT_RUNNING } from "./left-running.ts";
import { createFinalRecord, createInitialRecord, createUnfitRecord } from "./record.ts";
import { collectResults, fingerprintFiles, type ReadFingerprint } from "./results.ts";
import { CHECKPOINT_KEY, resumeTraining } from "./resume-training.ts";
import type { spec } from "./spec.ts";
import { verifyDataDigest } from "./verify-data-digest.ts";
import { refuseResults, verifyUnchanged } from "./verify-unchanged.ts";
import type { MachineWatch } from "./watch-machine.ts";

export interface StoppedTraining {
  readonly end: StopResult;
  /** When the watchdog sent the stop signal; `undefined` when it did not have to. */
  readonly stoppedByWatchdogAt: string | undefined;
}

export interface Ports {
  readonly files: WorkspaceFiles;
  readonly fingerprint: ReadFingerprint;
  readonly digestOf: DigestFunction;
  /** Of the training with that run key, on this machine. */
  readonly openCheckpoints: (key: string) => CheckpointFolder;
  readonly now: () => Date;
  readonly readCheckout: () => Promise<CheckoutState>;
  readonly machine: {
    /** `RUNNER_ENVIRONMENT`: `github-hosted`, or something else. */
    readonly environment: string;
    readonly describe: () => MachineProbe;
    /** Watches from now on what the machine says, and what the training uses of it. */
    readonly watch: (probe: MachineProbe) => MachineWatch;
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
  ) => Promise<TrainingEnd>;
  /** Keeps both ends of the output beside the record, and deletes the rest. @returns `undefined` when there is no output */
  readonly keepLog: (outputPath: string) => Promise<TrainingLog | undefined>;
  /** Waits for a training that is still running, and ends it. */
  readonly stopTraining: (postState: PostState) => Promise<StoppedTraining>;
}

export type TrainingEnd = ProcessResult & {
  /** Since it last printed something, when its time was up. */
  readonly silentSeconds?: number;
};

/** What is kept of the log, and what the record says about it. */
export interface TrainingLog {
  readonly recorded: NonNullable<TrainingRecord["log"]>;
  readonly lines: readonly string[];
}

/** How long a probe of the machine may still take when the training has ended, in milliseconds. */
const PROBE_PATIENCE = 1_000;
/** The same before it, when something is required: a driver of eight GPUs needs seconds to wake up. */
const PREFLIGHT_PATIENCE = 30_000;

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log, signal, state }) => {
  // Gather.
  assertTrainingAllowed(context.event, ports.machine.environment, inputs["allow-forks"]);
  const params = validateTrainingParams(inputs.params);
  const required = readRequirements(inputs.require);
  const price = readPrice(inputs["price-per-hour"]);
  const probe = ports.machine.describe();
  const checkout = await ports.readCheckout();
  assertClean(checkout);
  const { commit, tree } = checkout;
  const { digest: dataDigest, paths: dataPaths } = await verifyDataDigest(inputs["data-report"], ports.files);
  const { version, model: modelName, note } = await ports.readRecordVersion();
  if (note !== undefined) log.warn(note);
  const patterns = { ...inputs, metrics: await followDvc(ports.files, inputs.metrics) };
  const before = await fingerprintFiles(
    [...patterns.metrics, ...inputs.model, ...inputs.predictions, ...inputs.curves],
    ports,
  );
  const origin = { checkout, data: await fingerprintFiles(dataPaths, ports) };
  const isPicky = Object.keys(required).length > 0;
  const found = isPicky ? await probe.within(PREFLIGHT_PATIENCE) : probe.soFar();
  const checks = isPicky ? checkMachine(required, found.facts) : [];
  const initial = createInitialRecord({
    ...{ commit, tree, modelName, dataDigest, params, context, checks, granted: ports.credentials.granted },
    command: ports.commandRecord(),
    environment: found.environment,
    now: ports.now(),
  });
  const unfit = toProblems(checks);
  if (unfit.length > 0) {
    const record = createUnfitRecord(initial, unfit);
    await ports.writeRecord(inVersion(trainingRecord, record, version));
    for (const problem of unfit.slice(0, -1)) log.error(problem);
    const outputs = { outcome: record.outcome, record: inputs.record, "exit-code": "", "model-digest": "" };
    return { outputs, summary: renderTraining(record), failed: unfit.at(-1) };
  }
  const checkpoints = await resumeTraining({
    ...{ inputs, context, ports, log, commit, params, dataDigest },
    modelName: modelName ?? null,
  });
  // Written as cancelled before anything runs: if this process is killed, there is a record, and it claims no results.
  await ports.writeRecord(inVersion(trainingRecord, { ...initial, ...checkpoints?.recorded() }, version));
  signal.throwIfAborted();

  // Train.
  if (ports.credentials.withheldButThere.length > 0) log.warn(credentialsVisible(ports.credentials.withheldButThere));
  const commandFiles = ports.guardCommandFiles();
  log.info(`Training commit ${commit.slice(0, 7)}`);
  const task = { params, commit, dataDigest, attempt: context.run.attempt };
  const watch = ports.machine.watch(probe);
  let outputPath: string | undefined;
  const savePostState = (postState: PostState): void => {
    outputPath = postState.tree.output;
    watch.started(postState.tree.leader);
    commandFiles.write(() => state.save(LEFT_RUNNING, JSON.stringify(postState)));
  };
  if (checkpoints) state.save(CHECKPOINT_KEY, checkpoints.key);
  const saving = checkpoints?.keepSaving();
  const ended = await ports.train(task, savePostState, signal).finally(() => saving?.stop());
  // What still runs still writes: then the post step keeps the log.
  const isLeft = ended.kind === "cancelled" && ended.survivingTree !== undefined;
  if (!isLeft) commandFiles.write(() => state.save(LEFT_RUNNING, ""));
  const tampered = commandFiles.restore().map(commandFileChanged);
  const kept = isLeft || outputPath === undefined ? undefined : await ports.keepLog(outputPath);

  // Decide and show.
  const own = [inputs.record, logPathOf(inputs.record), ...(inputs.report === "" ? [] : [inputs.report])];
  const collected = await collectResults(ended, patterns, before, { ...ports, own });
  const mayChange = [
    ...patterns.metrics,
    ...inputs.model,
    ...inputs.predictions,
    ...inputs.curves,
    ...inputs["may-change"],
    ...own,
  ];
  const succeeded = ended.kind === "exited" && ended.exit.code === 0;
  const after = succeeded ? await verifyUnchanged(origin, mayChange, ports) : undefined;
  const survivors = describeSurvivors(ended.survivors);
  const results = refuseResults(
    { ...collected, warnings: [...survivors.ended, ...collected.warnings] },
    after ? [...after.problems, ...tampered, ...survivors.stuck] : [],
  );
  const isCancelled = ended.kind === "cancelled";
  const { environment, facts } = await probe.within(isCancelled ? 0 : PROBE_PATIENCE);
  const isGood = succeeded && results.problems.length === 0;
  const machine = await watch.end(isCancelled ? "cancelled" : isGood ? "success" : "failure");
  const why = diagnose({
    ...machine,
    ...{ end: ended.kind, exit: ended.exit, lines: kept?.lines ?? [] },
    ...{ resultProblems: results.problems, silentSeconds: ended.silentSeconds ?? 0 },
  });
  const seen = checkMachine(required, facts);
  for (const { code, outcome, message, fix } of seen)
    if (outcome === "warn") log.warn({ code: `preflight-${code}`, message, fix });
  const drawn = isCancelled ? { curves: [], warnings: [] } : await collectCurves(inputs.curves, before, ports);
  for (const warning of drawn.warnings) log.warn(warning);
  const outcome = { ended, results, why, machine, price, curves: drawn.curves, log: kept?.recorded };
  if (!isGood && !isLeft) await checkpoints?.saveEnd(ended);
  const record = createFinalRecord({ ...initial, ...checkpoints?.recorded() }, outcome, {
    environment,
    end: after?.end,
    checks: seen,
    now: ports.now(),
    inputs,
  });
  await ports.writeRecord(inVersion(trainingRecord, record, version));
  if (record.outcome === "success") await checkpoints?.discard();
  if (inputs.report !== "") {
    // Imported late: most trainings need no page.
    const { renderTrainingPage } = await import("../../shared/report/page/training-page.ts");
    await ports.files.write(inputs.report, renderTrainingPage(record));
  }
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
    failed: record.outcome === "success" ? undefined : failureProblem(record, outcome),
  };
};
