/** The folders of a job, laid out as on a GitHub runner. */
import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { RunnerMachine } from "./job.ts";

export interface JobFolders {
  /** `_work/<repository>`: the parent of the workspace. */
  readonly pipeline: string;
  /** `_work/<repository>/<repository>`: where steps start. */
  readonly workspace: string;
  /** Emptied before the job starts, and when it ends. */
  readonly temp: string;
  readonly toolCache: string;
  /** The folder of the files for `GITHUB_OUTPUT` and the like. */
  readonly fileCommands: string;
  /** The file of `GITHUB_EVENT_PATH`. */
  readonly eventFile: string;
}

/** Creates the folders. A hosted machine is always new; a self-hosted one keeps the workspace of the last job. */
export async function prepareFolders(machine: RunnerMachine, repository: string): Promise<JobFolders> {
  const name = repository.slice(repository.indexOf("/") + 1);
  const work = join(machine.directory, "_work");
  const pipeline = join(work, name);
  const temp = join(work, "_temp");
  const folders: JobFolders = {
    pipeline,
    workspace: join(pipeline, name),
    temp,
    toolCache: join(work, "_tool"),
    fileCommands: join(temp, "_runner_file_commands"),
    eventFile: join(temp, "_github_workflow", "event.json"),
  };
  if (machine.environment === "github-hosted") await rm(pipeline, { recursive: true, force: true });
  await rm(temp, { recursive: true, force: true });
  await Promise.all(
    [folders.workspace, folders.toolCache, folders.fileCommands, join(temp, "_github_workflow")].map((folder) =>
      mkdir(folder, { recursive: true }),
    ),
  );
  return folders;
}

export async function cleanTemp(folders: JobFolders): Promise<void> {
  await rm(folders.temp, { recursive: true, force: true });
}

/** The path of a new file in the job's temp folder. */
export function freshTempFile(folders: JobFolders, extension: string): string {
  return join(folders.temp, `${randomUUID()}${extension}`);
}
