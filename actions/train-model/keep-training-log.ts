/** The log beside the record: both ends of what the training printed, without secrets. */
import { rm } from "node:fs/promises";
import type { InputsOf } from "../../shared/action/spec.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import { readOutputEnds } from "../../shared/adapters/process/output-ends.ts";
import { keepLog, lastLines, logPathOf } from "../../shared/core/training/kept-log.ts";
import { createMask } from "../../shared/core/training/mask-command.ts";
import { ActionError } from "../../shared/problem/problem.ts";
import type { TrainingLog } from "./run.ts";
import type { spec } from "./spec.ts";

interface KeepOptions {
  readonly inputs: InputsOf<typeof spec>;
  readonly files: WorkspaceFiles;
  readonly env: NodeJS.ProcessEnv;
}

/** @returns what the record says about it; without a path when it could not be written */
export async function keepTrainingLog(
  outputPath: string,
  { inputs, files, env }: KeepOptions,
): Promise<TrainingLog | undefined> {
  const output = await readOutputEnds(outputPath);
  if (output === undefined) return undefined;
  const kept = keepLog(output, createMask(env));
  const recorded = { bytes: kept.bytes, tail: [...lastLines(kept)] };
  const path = logPathOf(inputs.record);
  const isWritten = (): Promise<boolean> => tryToWrite(files, path, kept.lines.map((line) => `${line}\n`).join(""));
  const written = await isWritten();
  await rm(outputPath, { force: true });
  // When the disk is full, what was just deleted may have filled it.
  const isKept = written || (await isWritten());
  return { recorded: isKept ? { path, ...recorded } : recorded, lines: kept.lines };
}

async function tryToWrite(files: WorkspaceFiles, path: string, text: string): Promise<boolean> {
  try {
    await files.write(path, text);
    return true;
  } catch (error) {
    if (error instanceof ActionError) return false;
    throw error;
  }
}
