/** Size and SHA-256 of the files of a model: of the model, and never of a pointer that stands for it. */
import { MAX_POINTER_BYTES, parsePointer } from "../../core/registry/bytes/pointer.ts";
import { userError } from "../../problem/problem.ts";
import type { FileRecord } from "../../records/fields.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/** At once: while one is hashed, others are read. */
const AT_ONCE = 4;

type ModelFiles = Pick<WorkspaceFiles, "sizeOf" | "read" | "digestFile">;

/**
 * @returns in the order of the paths; of a Git LFS pointer what it stands for, which then need not be there
 * @throws ActionError `model-is-pointer` for one that does not say the SHA-256 of its content
 */
export async function digestModelFiles(files: ModelFiles, paths: readonly string[]): Promise<readonly FileRecord[]> {
  return mapAtOnce(paths, AT_ONCE, (path) => digestModelFile(files, path));
}

async function digestModelFile(files: ModelFiles, path: string): Promise<FileRecord> {
  if ((await files.sizeOf(path)) > MAX_POINTER_BYTES) return files.digestFile(path);
  const pointer = parsePointer(Buffer.from(await files.read(path)).toString("latin1"));
  if (pointer === undefined) return files.digestFile(path);
  if (pointer !== "broken" && pointer.kind === "git-lfs") return { path, bytes: pointer.bytes, digest: pointer.digest };
  const isDvc = pointer !== "broken";
  throw userError({
    code: "model-is-pointer",
    message: isDvc
      ? "it is a pointer of DVC, and has no SHA-256 of the model"
      : "it looks like a pointer of Git LFS or DVC, and cannot be read as one",
    place: { file: path },
    fix: isDvc
      ? 'Run "dvc pull" before, and name the model\'s own files'
      : 'Fetch the file itself ("git lfs pull", "dvc pull"), and name it',
  });
}

/** Results in the order of the items; after an error nothing more begins. */
export async function mapAtOnce<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  map: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  let isOver = false;
  const work = async (): Promise<void> => {
    for (const [at, item] of queue) {
      if (isOver) return;
      results[at] = await map(item).catch((error: unknown) => {
        isOver = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return results;
}
