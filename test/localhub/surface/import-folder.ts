/** Imports a folder of this computer into an empty repository. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import type { Repository } from "../world/repository.ts";
import type { Person } from "./person.ts";

const run = promisify(execFile);
const GIT_ENV = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

/**
 * A git repository is imported with its branches, tags and history, and its checked-out branch becomes the default one;
 * of any other folder the files are committed. Uncommitted changes are not imported, as with a push.
 * @throws Error when the folder does not exist or contains no commit.
 */
export async function importFolder(repository: Repository, folder: string, owner: Person): Promise<void> {
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`);
  if (!existsSync(join(folder, ".git"))) {
    await owner.push({ files: await filesBelow(folder), message: `Import ${folder.split(sep).at(-1)}` });
    return;
  }
  const git = async (...words: readonly string[]): Promise<string> =>
    (await run("git", ["-C", folder, ...words], { env: GIT_ENV })).stdout.trim();
  const branch = await git("symbolic-ref", "--short", "HEAD").catch(() => {
    throw new Error(`${folder} is not on a branch: check one out first`);
  });
  await git("rev-parse", "--verify", "--quiet", "HEAD").catch(() => {
    throw new Error(`${folder} has no commit: make one first`);
  });
  await git("push", "--quiet", repository.git.directory, "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*");
  repository.defaultBranch = branch;
}

async function filesBelow(folder: string): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const entry of await readdir(folder, { recursive: true })) {
    const path = join(folder, entry);
    if (entry.split(sep).includes("node_modules") || !(await stat(path)).isFile()) continue;
    files[relative(folder, path).replaceAll(sep, "/")] = await readFile(path);
  }
  return files;
}
