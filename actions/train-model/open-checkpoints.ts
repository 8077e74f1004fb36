/** The checkpoints of one training, as the inputs say where they are kept. */
import { join } from "node:path";
import type { ActionContext } from "../../shared/action/context.ts";
import type { InputsOf } from "../../shared/action/spec.ts";
import { openCheckpointCommand } from "../../shared/adapters/checkpoints/checkpoint-command.ts";
import { type CheckpointFolder, openCheckpointFolder } from "../../shared/adapters/checkpoints/checkpoint-folder.ts";
import { carryCheckpoints } from "../../shared/adapters/checkpoints/checkpoint-store.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import { environmentOfStep } from "../../shared/core/training/training-environment.ts";
import type { spec } from "./spec.ts";

interface OpenOptions {
  readonly inputs: InputsOf<typeof spec>;
  readonly context: ActionContext;
  readonly files: WorkspaceFiles;
  readonly env: NodeJS.ProcessEnv;
}

/** Milliseconds: a checkpoint of 100 GB at 30 MB/s. */
const COMMAND_TIMEOUT = 60 * 60_000;

export function openCheckpoints(key: string, { inputs, context, files, env }: OpenOptions): CheckpointFolder {
  const { "checkpoint-folder": named, "checkpoint-command": script, checkpoints: patterns } = inputs;
  const { workspace, temp } = context;
  const folder = named === "" ? join(temp, "train-model-checkpoints") : named;
  const run = { run: context.run.id, attempt: context.run.attempt };
  const local = openCheckpointFolder({ workspace, files, folder, key, patterns, run });
  if (script === "") return local;
  const how = { script, key, temp, cwd: workspace, timeout: COMMAND_TIMEOUT };
  const store = openCheckpointCommand({ ...how, env: environmentOfStep(env, inputs.grant) });
  return carryCheckpoints({ local, store, folder, key });
}
