/** Writes a commit's files into a folder. */
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { GitRepository, TreeEntry } from "./git-repository.ts";

/** How many files are read and written at a time. */
const MAX_CONCURRENT_FILES = 32;

/**
 * Writes the files of `revision` below `path` (the whole tree when empty) so that `path` becomes `directory`.
 * Submodules become empty folders, as in a plain clone. @throws Error when there is no such folder in that revision.
 */
export async function exportTree(git: GitRepository, revision: string, directory: string, path: string): Promise<void> {
  const root = await git.entryAt(revision, path);
  if (root?.type !== "tree") throw new Error(`there is no folder "${path}" in ${revision} of ${git.directory}`);
  const entries = (await git.tree(root.sha, { recursive: true })) ?? [];
  await mkdir(directory, { recursive: true });
  const folders = new Set(entries.map((entry) => (entry.type === "blob" ? dirname(entry.path) : entry.path)));
  for (const folder of folders) await mkdir(join(directory, folder), { recursive: true });
  const files = entries.filter((entry) => entry.type === "blob");
  for (let at = 0; at < files.length; at += MAX_CONCURRENT_FILES)
    await Promise.all(files.slice(at, at + MAX_CONCURRENT_FILES).map((file) => writeEntry(git, file, directory)));
}

async function writeEntry(git: GitRepository, entry: TreeEntry, directory: string): Promise<void> {
  const content = await git.blob(entry.sha);
  if (content === undefined) throw new Error(`the blob ${entry.sha} of "${entry.path}" is missing in ${git.directory}`);
  const target = join(directory, entry.path);
  if (entry.mode === "120000") return symlink(content.toString(), target);
  await writeFile(target, content);
  if (entry.mode === "100755") await chmod(target, 0o755);
}
