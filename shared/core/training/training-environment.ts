/** The environment variables of a training: those of an ordinary step, and those that describe its task. */
import { type Grant, isWithheldCredential } from "./credentials.ts";
import type { TrainingParams } from "./params.ts";

export interface TrainingTask {
  readonly params: TrainingParams;
  /** Absolute path of a file with the same parameters. */
  readonly paramsFile: string;
  readonly commit: string;
  readonly dataDigest: string | null;
  /** From 1; a re-run of the job increases it. */
  readonly attempt: number;
  /** When it will be signalled to stop: UTC, ISO 8601. */
  readonly deadline: string;
}

/**
 * What an action has but a `run:` step does not have, and the files by which a process changes the job: a training only
 * computes, and its output is untrusted.
 */
const WITHHELD =
  /^(?:INPUT_|STATE_|ACTIONS_(?!ID_TOKEN_REQUEST_)|GITHUB_(?:OUTPUT|ENV|PATH|STATE|STEP_SUMMARY|ARTIFACTS)$)/i;

const isWithheld = (name: string, grant: Grant): boolean => WITHHELD.test(name) || isWithheldCredential(name, grant);

/** What a `run:` step of the job would have. */
export const environmentOfStep = (
  env: Readonly<Record<string, string | undefined>>,
  grant: Grant,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || isWithheld(name, grant) ? [] : [[name, value] as const],
    ),
  );

export function buildTrainingEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  task: TrainingTask,
  grant: Grant,
): Readonly<Record<string, string>> {
  return {
    // Python keeps what it prints to a file for itself until it has some kB: its log would come late, and end early.
    PYTHONUNBUFFERED: "1",
    ...environmentOfStep(env, grant),
    TRAIN_PARAMS: JSON.stringify(task.params),
    TRAIN_PARAMS_FILE: task.paramsFile,
    TRAIN_COMMIT: task.commit,
    TRAIN_DATA_DIGEST: task.dataDigest ?? "",
    TRAIN_ATTEMPT: String(task.attempt),
    TRAIN_DEADLINE: task.deadline,
  };
}
