/** The training record: written before the training, completed after it. */
import type { ActionContext } from "../../shared/action/context.ts";
import { toRecordOrigin } from "../../shared/action/record-origin.ts";
import type { InputsOf } from "../../shared/action/spec.ts";
import type { ProcessResult } from "../../shared/adapters/process/supervise-process.ts";
import type { Diagnosis } from "../../shared/core/training/diagnosis/kinds.ts";
import type { TrainingParams } from "../../shared/core/training/params.ts";
import type { Check } from "../../shared/core/training/preflight/check.ts";
import { costOf } from "../../shared/core/training/price.ts";
import type { Problem } from "../../shared/problem/problem.ts";
import { TRAINING_RECORD, type TrainingRecord } from "../../shared/records/training-record.ts";
import { failureProblem, type TrainingOutcome } from "./failure-problem.ts";
import type { TrainingResults } from "./results.ts";
import type { spec } from "./spec.ts";

type Stop = NonNullable<TrainingRecord["stop"]>;
type StopInputs = Pick<InputsOf<typeof spec>, "stop-signal" | "grace">;

interface InitialRecordInput {
  readonly commit: string;
  readonly tree: string;
  readonly modelName: string | undefined;
  readonly dataDigest: string | null;
  readonly params: TrainingParams;
  readonly command: readonly string[];
  readonly environment: TrainingRecord["environment"];
  readonly checks: readonly Check[];
  readonly granted: readonly string[];
  readonly context: ActionContext;
  readonly now: Date;
}

export function createInitialRecord({
  commit,
  tree,
  modelName,
  dataDigest,
  params,
  command,
  environment,
  checks,
  granted,
  context,
  now,
}: InitialRecordInput): TrainingRecord {
  return {
    schema: TRAINING_RECORD,
    outcome: "cancelled",
    ...{ commit, tree, dataDigest, command: [...command], params, environment },
    startedAt: now.toISOString(),
    endedAt: now.toISOString(),
    exit: { code: null, signal: null },
    ...{ metrics: [], metricFiles: [], model: null },
    ...(checks.length > 0 && { preflight: checks.map(toRecordedCheck) }),
    ...(modelName !== undefined && { modelName }),
    ...(granted.length > 0 && { granted: [...granted] }),
    origin: toRecordOrigin(context),
  };
}

/** Nothing was run: the machine lacks what the training requires. */
export const createUnfitRecord = (initial: TrainingRecord, problems: readonly Problem[]): TrainingRecord => ({
  ...initial,
  outcome: "failure",
  problems: problems.map(toRecordedProblem),
});

interface EndFacts extends Pick<TrainingRecord, "environment" | "end"> {
  readonly checks: readonly Check[];
  readonly now: Date;
  readonly inputs: StopInputs;
}

/** Only a training that succeeded and wrote all its results has metrics; any other says why it has none. */
export function createFinalRecord(
  initial: TrainingRecord,
  training: TrainingOutcome,
  { environment, end, checks, now, inputs }: EndFacts,
): TrainingRecord {
  const { ended, results, why, log, machine } = training;
  const { metrics, metricFiles, model, predictionFiles, patterns } = results;
  const record: TrainingRecord = {
    ...initial,
    outcome: outcomeOf(ended, results),
    endedAt: now.toISOString(),
    exit: ended.exit,
    ...(end && { end }),
    ...stopOf(ended, inputs),
    ...{ metrics: [...metrics], metricFiles: [...metricFiles], model },
    environment: { ...environment, versions: { ...environment.versions, ...machine.versions } },
    ...(checks.length > 0 && { preflight: checks.map(toRecordedCheck) }),
    ...(machine.packages && { software: { packages: { ...machine.packages } } }),
    resources: withCost(machine.resources, training, now.getTime() - Date.parse(initial.startedAt)),
    ...(training.curves.length > 0 && { curves: training.curves }),
    ...(log && { log }),
    ...(why && { diagnosis: toRecordedDiagnosis(why) }),
  };
  if (record.outcome === "success") {
    const warnings = results.warnings.map((warning) => ({ ...warning, severity: "warning" as const }));
    const predictions = predictionFiles.length > 0 && { predictionFiles: [...predictionFiles] };
    return { ...record, patterns: [...patterns], ...predictions, ...(warnings.length > 0 && { problems: warnings }) };
  }
  const problems = [...results.problems, failureProblem(record, training)];
  return { ...record, problems: problems.map(toRecordedProblem) };
}

function withCost(
  resources: NonNullable<TrainingRecord["resources"]>,
  { price }: TrainingOutcome,
  milliseconds: number,
): TrainingRecord["resources"] {
  return price === undefined ? resources : { ...resources, cost: costOf(price, Math.max(0, milliseconds) / 1000) };
}

const toRecordedCheck = ({ fix, ...check }: Check) => check;

const toRecordedDiagnosis = ({ fix, ...diagnosis }: Diagnosis): TrainingRecord["diagnosis"] => diagnosis;

/** Without its details: they are in the record's log. */
const toRecordedProblem = ({ details, ...problem }: Problem) => ({ severity: "error", ...problem }) as const;

function stopOf(ended: ProcessResult, inputs: StopInputs): { readonly stop?: Stop } {
  if (ended.kind === "exited") return {};
  const at = ended.stoppedAt.toISOString();
  if (ended.kind === "cancelled") return { stop: describeStop("cancelled", at, inputs) };
  return { stop: { ...describeStop("timeout", at, inputs), killed: ended.killed } };
}

function outcomeOf({ kind, exit }: ProcessResult, { problems }: TrainingResults): TrainingRecord["outcome"] {
  if (kind !== "exited") return kind;
  return exit.code === 0 && problems.length === 0 ? "success" : "failure";
}

/** Whether it was killed is known when it has ended. */
export const describeStop = (cause: Stop["cause"], at: string, { "stop-signal": signal, grace }: StopInputs): Stop => ({
  cause,
  at,
  signal,
  graceSeconds: grace / 1000,
  killed: false,
});
