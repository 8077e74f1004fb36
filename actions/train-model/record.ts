/** The training record: begun before the training, ended after it. */
import type { ActionContext } from "../../shared/action/context.ts";
import type { Ended } from "../../shared/adapters/process/supervise.ts";
import type { Params } from "../../shared/core/training/params.ts";
import { TRAINING_RECORD, type TrainingRecord } from "../../shared/records/training-record.ts";
import type { Results } from "./results.ts";

interface Beginning {
  readonly commit: string;
  readonly dataDigest: string | null;
  readonly params: Params;
  readonly command: readonly string[];
  readonly environment: TrainingRecord["environment"];
  readonly context: ActionContext;
  readonly now: Date;
}

export function beginRecord({
  commit,
  dataDigest,
  params,
  command,
  environment,
  context,
  now,
}: Beginning): TrainingRecord {
  const { repository, workflow, run, actor } = context;
  return {
    schema: TRAINING_RECORD,
    outcome: "cancelled",
    ...{ commit, dataDigest, command: [...command], params, environment },
    startedAt: now.toISOString(),
    endedAt: now.toISOString(),
    exit: { code: null, signal: null },
    ...{ metrics: [], metricFiles: [], model: null },
    origin: { repository, workflow, run: run.id, attempt: run.attempt, actor },
  };
}

/** Only a training that ended well and left everything it should has measured anything. */
export function endRecord(begun: TrainingRecord, ended: Ended, results: Results, now: Date): TrainingRecord {
  const { metrics, metricFiles, model } = results;
  return {
    ...begun,
    outcome: outcomeOf(ended, results),
    endedAt: now.toISOString(),
    exit: ended.exit,
    ...{ metrics: [...metrics], metricFiles: [...metricFiles], model },
  };
}

function outcomeOf({ kind, exit }: Ended, { problems }: Results): TrainingRecord["outcome"] {
  if (kind !== "exited") return kind;
  return exit.code === 0 && problems.length === 0 ? "success" : "failure";
}
