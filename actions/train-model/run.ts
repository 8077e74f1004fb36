/** The story of train-model: may it run here, on which commit and data; train; what came out, and is it whole. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { Files } from "../../shared/adapters/files/files.ts";
import type { Ended } from "../../shared/adapters/process/supervise.ts";
import { readParams } from "../../shared/core/training/params.ts";
import type { Task } from "../../shared/core/training/training-environment.ts";
import { assertMayTrainHere } from "../../shared/core/training/trust.ts";
import type { UnfinishedTraining } from "../../shared/core/training/unfinished.ts";
import type { DigestOf } from "../../shared/records/digest.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import { renderTraining } from "../../shared/report/training.ts";
import { provenData } from "./proven-data.ts";
import { beginRecord, endRecord } from "./record.ts";
import { collectResults, type Fingerprint, snapshot } from "./results.ts";
import type { spec } from "./spec.ts";
import { whyUntrained } from "./why-untrained.ts";

export interface Ports {
  readonly files: Files;
  readonly fingerprint: Fingerprint;
  readonly digestOf: DigestOf;
  readonly now: () => Date;
  /** The commit that is checked out, unchanged. */
  readonly checkedOut: () => Promise<string>;
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
    task: Omit<Task, "paramsFile" | "deadline">,
    remember: (unfinished: UnfinishedTraining) => void,
    cancelled: AbortSignal,
  ) => Promise<Ended>;
  /** Waits for what is left of a training, and ends it. */
  readonly end: (unfinished: UnfinishedTraining) => Promise<"went" | "killed" | "stuck">;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log, signal, state }) => {
  // Gather.
  assertMayTrainHere(context.event, ports.machine.kind, inputs["allow-forks"]);
  const params = readParams(inputs.params);
  const commit = await ports.checkedOut();
  const dataDigest = await provenData(inputs["data-report"], ports.files);
  const before = await snapshot([...inputs.metrics, ...inputs.model], ports);
  const begun = beginRecord({
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
  const remember = (unfinished: UnfinishedTraining | undefined): void =>
    state.save("unfinished", unfinished ? JSON.stringify(unfinished) : "");
  const ended = await ports.train(task, remember, signal);
  if (ended.kind !== "cancelled" || !ended.left) remember(undefined);

  // Judge and show.
  const results = await collectResults(ended, inputs, before, ports);
  const record = endRecord(begun, ended, results, ports.now());
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
    failed: record.outcome === "success" ? undefined : whyUntrained(record, ended, results),
  };
};
