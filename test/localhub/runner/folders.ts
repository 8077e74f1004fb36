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
  /** Empty when the job starts, and emptied when it ends. */
  readonly temp: string;
  readonly toolCache: string;
  /** Where the files behind `GITHUB_OUTPUT` and its kin lie. */
  readonly fileCommands: string;
  /** What `GITHUB_EVENT_PATH` names. */
  readonly eventFile: string;
}

/** Makes the folders. A hosted machine is always new; a self-hosted one keeps the workspace of the last job. */
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

/** A file of its own in the job's temp folder. */
export function freshTempFile(folders: JobFolders, extension: string): string {
  return join(folders.temp, `${randomUUID()}${extension}`);
}
