/** Goes on where an earlier attempt of the same training stopped, and keeps what this one saves for the next. */
import { isAbsolute, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ActionContext } from "../../shared/action/context.ts";
import type { Log } from "../../shared/action/log.ts";
import type { InputsOf } from "../../shared/action/spec.ts";
import {
  type CheckpointFolder,
  listIfThere,
  type SavedCheckpoint,
} from "../../shared/adapters/checkpoints/checkpoint-folder.ts";
import { isInside } from "../../shared/adapters/files/resolve-workspace-path.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { ProcessResult } from "../../shared/adapters/process/supervise-process.ts";
import { type CheckpointManifest, runKeyOf } from "../../shared/core/training/checkpoint.ts";
import type { TrainingParams } from "../../shared/core/training/params.ts";
import { type ActionError, userError } from "../../shared/problem/problem.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import type { spec } from "./spec.ts";

/** The state by which the post step finds the same checkpoints. */
export const CHECKPOINT_KEY = "checkpoint-key";

interface CheckpointPorts {
  readonly files: WorkspaceFiles;
  readonly digestOf: DigestFunction;
  readonly openCheckpoints: (key: string) => CheckpointFolder;
}

interface ResumeOptions {
  readonly inputs: InputsOf<typeof spec>;
  readonly context: ActionContext;
  readonly ports: CheckpointPorts;
  readonly log: Log;
  readonly commit: string;
  readonly params: TrainingParams;
  readonly dataDigest: string | null;
  readonly modelName: string | null;
}

export interface KeptCheckpoints {
  readonly key: string;
  /** What the record says about them by now. */
  recorded(): Pick<TrainingRecord, "checkpoint" | "resumed">;
  /** Until it is stopped. */
  keepSaving(): { stop(): Promise<void> };
  /** What the training saved last, when it was not cut off while it saved. */
  saveEnd(ended: ProcessResult): Promise<void>;
  discard(): Promise<void>;
}

/**
 * @returns `undefined` when no checkpoints are named
 * @throws ActionError `checkpoint-folder-invalid`, `checkpoint-already-there`, `attempts-used-up`,
 *   `checkpoint-restore-failed`
 */
export async function resumeTraining(options: ResumeOptions): Promise<KeptCheckpoints | undefined> {
  const { inputs, context, ports, log, commit, params, dataDigest, modelName } = options;
  const { checkpoints: patterns, command, "max-attempts": most } = inputs;
  const { "checkpoint-folder": folder, "checkpoint-command": script } = inputs;
  if (patterns.length === 0 && folder === "" && script === "") return undefined;
  assertUsable(patterns, folder, script, context.workspace);
  const [there] = await listAny(ports, patterns);
  if (there !== undefined) throw alreadyThere(there);
  const key = runKeyOf(
    {
      ...{ repository: context.repository, event: context.event.name, ref: context.ref },
      ...{ commit, command, params, dataDigest, modelName, checkpoints: patterns },
    },
    ports.digestOf,
  );
  const store = ports.openCheckpoints(key);
  const attempts = await store.countAttempt();
  if (attempts > most) throw attemptsUsedUp(attempts - 1, key);
  const { checkpoint: found, refused } = await store.restore();
  for (const why of refused) log.warn(`Not restored: ${why}`);
  if (found === undefined) log.info(`No checkpoint of this training is kept: it begins anew (attempt ${attempts})`);
  else {
    const { run, attempt } = found.savedBy;
    log.info(
      `Resumed from the checkpoint of ${found.savedAt}, run ${run}, attempt ${attempt}: ${found.digest} (attempt ${attempts})`,
    );
  }
  let latest: TrainingRecord["checkpoint"];
  const save = async (isRunning: boolean, signal?: AbortSignal): Promise<void> => {
    latest = (await trySave(() => store.save(isRunning, signal), log)) ?? latest;
  };
  return {
    key,
    recorded: () => ({
      ...(found && { resumed: { checkpoint: found.digest, savedBy: found.savedBy } }),
      ...(latest && { checkpoint: latest }),
    }),
    keepSaving() {
      const ending = new AbortController();
      const loop = async (): Promise<void> => {
        while (await passed(inputs["checkpoint-every"], ending.signal)) await save(true, ending.signal);
      };
      const running = loop();
      return {
        async stop() {
          ending.abort();
          await running;
        },
      };
    },
    saveEnd: async (ended) => {
      if (isEndOfItsOwn(ended)) await save(false);
    },
    async discard() {
      const left = await store.discard();
      if (left !== undefined)
        log.warn(`A checkpoint of this training is left, and its re-run would go on from it: ${left}`);
    },
  };
}

/** Of a training that ended after its main step. */
export async function saveCheckpoint(
  key: string,
  ports: CheckpointPorts,
  log: Log,
): Promise<TrainingRecord["checkpoint"]> {
  return key === "" ? undefined : trySave(() => ports.openCheckpoints(key).save(false), log);
}

/** A checkpoint that is not kept is a warning: the training itself is worth more. */
async function trySave(save: () => Promise<SavedCheckpoint>, log: Log): Promise<TrainingRecord["checkpoint"]> {
  try {
    const saved = await save();
    if (saved.onlyHere !== undefined) log.warn(`The newest checkpoint is on this machine only: ${saved.onlyHere}`);
    if (saved.kind === "busy") log.warn("The checkpoint was not kept: its files changed whenever they were copied");
    if (saved.kind !== "saved") return undefined;
    log.info(`Kept the checkpoint ${saved.checkpoint.digest}`);
    return toRecorded(saved.checkpoint);
  } catch (error) {
    log.warn(`The checkpoint was not kept: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

const toRecorded = ({ digest, files, savedAt }: CheckpointManifest): TrainingRecord["checkpoint"] => ({
  ...{ digest, files, savedAt, complete: true },
});

/** What was killed, by whomever, may have been writing. A shell says so by an exit code above 128. */
const isEndOfItsOwn = (ended: ProcessResult): boolean =>
  ended.exit.code !== null && ended.exit.code <= 128 && !(ended.kind === "timed-out" && ended.killed);

const passed = (milliseconds: number, signal: AbortSignal): Promise<boolean> =>
  delay(milliseconds, undefined, { signal, ref: false }).then(
    () => !signal.aborted,
    () => false,
  );

async function listAny({ files }: CheckpointPorts, patterns: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(patterns.map((pattern) => listIfThere(files, [pattern])));
  return found.flat();
}

function assertUsable(patterns: readonly string[], folder: string, script: string, workspace: string): void {
  const isKept = folder === "" ? script !== "" : isAbsolute(folder) && !isInside(resolve(folder), workspace);
  if (patterns.length > 0 && isKept) return;
  throw userError({
    code: "checkpoint-folder-invalid",
    message:
      patterns.length === 0
        ? "checkpoint-folder or checkpoint-command is set, but no checkpoints are named"
        : "checkpoint-folder is not an absolute path outside the workspace",
    fix: "Set checkpoints to what the command saves, and checkpoint-folder to a folder of this machine that outlives the job, or checkpoint-command to what takes them beyond it",
  });
}

const alreadyThere = (file: string): ActionError =>
  userError({
    code: "checkpoint-already-there",
    message: "it is there before the training: it may be another training's, and nothing is restored over it",
    place: { file },
    fix: "Check out into a clean workspace, and do not commit checkpoints",
  });

const attemptsUsedUp = (before: number, key: string): ActionError =>
  userError({
    code: "attempts-used-up",
    message: `this training was started ${before} times and has not succeeded`,
    fix: `Find out why; then raise max-attempts, or remove ${key} from where checkpoints are kept to begin anew`,
  });
