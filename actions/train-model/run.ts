/** The story of train-model: check that it may run here, and on which commit and data; train; check and record the results. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
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
import type { MachineDescription } from "./describe-machine.ts";
import { failureProblem } from "./failure-problem.ts";
import { createFinalRecord, createInitialRecord, createUnfitRecord } from "./record.ts";
import { collectResults, fingerprintFiles, type ReadFingerprint } from "./results.ts";
import type { spec } from "./spec.ts";
import { verifyDataDigest } from "./verify-data-digest.ts";
import type { MachineWatch } from "./watch-machine.ts";

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
    readonly describe: () => Promise<MachineDescription>;
    /** Watches from now on what the machine says, and what the training uses of it. */
    readonly watch: (facts: MachineDescription["facts"]) => Promise<MachineWatch>;
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
  ) => Promise<TrainingEnd>;
  /** Keeps both ends of the output beside the record, and deletes the rest. @returns `undefined` when there is no output */
  readonly keepLog: (outputPath: string) => Promise<TrainingLog | undefined>;
  /** Waits for a training that is still running, and ends it. */
  readonly stopTraining: (postState: PostState) => Promise<"exited" | "killed" | "stuck">;
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

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log, signal, state }) => {
  // Gather.
  assertTrainingAllowed(context.event, ports.machine.environment, inputs["allow-forks"]);
  const params = validateTrainingParams(inputs.params);
  const required = readRequirements(inputs.require);
  const price = readPrice(inputs["price-per-hour"]);
  const commit = await ports.readCommit();
  const dataDigest = await verifyDataDigest(inputs["data-report"], ports.files);
  const { version, note } = await ports.readRecordVersion();
  if (note !== undefined) log.warn(note);
  const before = await fingerprintFiles([...inputs.metrics, ...inputs.model], ports);
  const { environment, facts } = await ports.machine.describe();
  const checks = checkMachine(required, facts);
  const initial = createInitialRecord({
    ...{ commit, dataDigest, params, context, environment, checks },
    command: ports.commandRecord(),
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
  for (const { code, outcome, message, fix } of checks)
    if (outcome === "warn") log.warn({ code: `preflight-${code}`, message, fix });
  // Written as cancelled before anything runs: if this process is killed, there is a record, and it claims no results.
  await ports.writeRecord(inVersion(trainingRecord, initial, version));
  signal.throwIfAborted();

  // Train.
  log.info(`Training commit ${commit.slice(0, 7)}`);
  const task = { params, commit, dataDigest, attempt: context.run.attempt };
  const watch = await ports.machine.watch(facts);
  let outputPath: string | undefined;
  const savePostState = (postState: PostState): void => {
    outputPath = postState.outputPath;
    watch.started(postState.group.id);
    state.save("post-state", JSON.stringify(postState));
  };
  const ended = await ports.train(task, savePostState, signal);
  // What still runs still writes: then the post step keeps the log.
  const isLeft = ended.kind === "cancelled" && ended.survivingGroup !== undefined;
  if (!isLeft) state.save("post-state", "");
  const kept = isLeft || outputPath === undefined ? undefined : await ports.keepLog(outputPath);

  // Decide and show.
  const own = [inputs.record, logPathOf(inputs.record)];
  const results = await collectResults(ended, inputs, before, { ...ports, own });
  const isSuccess = ended.kind === "exited" && ended.exit.code === 0 && results.problems.length === 0;
  const machine = await watch.end(ended.kind === "cancelled" ? "cancelled" : isSuccess ? "success" : "failure");
  const why = diagnose({
    ...machine,
    ...{ end: ended.kind, exit: ended.exit, lines: kept?.lines ?? [] },
    ...{ resultProblems: results.problems, silentSeconds: ended.silentSeconds ?? 0 },
  });
  const outcome = { ended, results, why, machine, price, log: kept?.recorded };
  const record = createFinalRecord(initial, outcome, ports.now());
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
    failed: record.outcome === "success" ? undefined : failureProblem(record, outcome),
  };
};
