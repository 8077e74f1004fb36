/** The training record: written before the training, completed after it. */
import type { ActionContext } from "../../shared/action/context.ts";
import { toRecordOrigin } from "../../shared/action/record-origin.ts";
import type { ProcessResult } from "../../shared/adapters/process/supervise-process.ts";
import type { TrainingParams } from "../../shared/core/training/params.ts";
import { TRAINING_RECORD, type TrainingRecord } from "../../shared/records/training-record.ts";
import { failureProblem } from "./failure-problem.ts";
import type { TrainingResults } from "./results.ts";

interface InitialRecordInput {
  readonly commit: string;
  readonly dataDigest: string | null;
  readonly params: TrainingParams;
  readonly command: readonly string[];
  readonly environment: TrainingRecord["environment"];
  readonly context: ActionContext;
  readonly now: Date;
}

export function createInitialRecord({
  commit,
  dataDigest,
  params,
  command,
  environment,
  context,
  now,
}: InitialRecordInput): TrainingRecord {
  return {
    schema: TRAINING_RECORD,
    outcome: "cancelled",
    ...{ commit, dataDigest, command: [...command], params, environment },
    startedAt: now.toISOString(),
    endedAt: now.toISOString(),
    exit: { code: null, signal: null },
    ...{ metrics: [], metricFiles: [], model: null },
    origin: toRecordOrigin(context),
  };
}

/** Only a training that succeeded and wrote all its results has metrics; any other says why it has none. */
export function createFinalRecord(
  initial: TrainingRecord,
  ended: ProcessResult,
  results: TrainingResults,
  now: Date,
): TrainingRecord {
  const { metrics, metricFiles, model, predictionFiles, patterns } = results;
  const record: TrainingRecord = {
    ...initial,
    outcome: outcomeOf(ended, results),
    endedAt: now.toISOString(),
    exit: ended.exit,
    ...{ metrics: [...metrics], metricFiles: [...metricFiles], model },
  };
  if (record.outcome === "success") {
    const warnings = results.warnings.map((warning) => ({ ...warning, severity: "warning" as const }));
    const predictions = predictionFiles.length > 0 && { predictionFiles: [...predictionFiles] };
    return { ...record, patterns: [...patterns], ...predictions, ...(warnings.length > 0 && { problems: warnings }) };
  }
  const problems = [...results.problems, failureProblem(record, ended, results)];
  return { ...record, problems: problems.map((problem) => ({ severity: "error", ...problem })) };
}

function outcomeOf({ kind, exit }: ProcessResult, { problems }: TrainingResults): TrainingRecord["outcome"] {
  if (kind !== "exited") return kind;
  return exit.code === 0 && problems.length === 0 ? "success" : "failure";
}
