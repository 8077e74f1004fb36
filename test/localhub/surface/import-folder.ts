/** Imports a folder of this computer into an empty repository. No workflow runs: it is there as if it had been pushed before. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { Repository } from "../world/repository.ts";

const run = promisify(execFile);
const IDENTITY = {
  GIT_AUTHOR_NAME: "local",
  GIT_AUTHOR_EMAIL: "local@localhost",
  GIT_COMMITTER_NAME: "local",
  GIT_COMMITTER_EMAIL: "local@localhost",
};
const GIT_ENV = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", ...IDENTITY };

/**
 * A git repository is imported with its branches, tags and history, and its checked-out branch becomes the default one;
 * of any other folder the files are committed, without those that its .gitignore names. Uncommitted changes are not
 * imported, as with a push.
 * @throws Error when the folder does not exist or contains no commit, or no file.
 */
export async function importFolder(repository: Repository, folder: string): Promise<void> {
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`);
  if (!existsSync(join(folder, ".git"))) return commitFolder(repository, folder);
  const git = gitIn(["-C", folder]);
  const branch = await git("symbolic-ref", "--short", "HEAD").catch(() => {
    throw new Error(`${folder} is not on a branch: check one out first`);
  });
  await git("rev-parse", "--verify", "--quiet", "HEAD").catch(() => {
    throw new Error(`${folder} has no commit: make one first`);
  });
  await git("push", "--quiet", repository.git.directory, "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*");
  repository.defaultBranch = branch;
}

/** Installed packages, and what `--secret` and `--var` are read from: that is no part of the repository. */
const LEFT_OUT = [":(exclude,glob)**/node_modules/**", ":(exclude).secrets", ":(exclude).vars"];

/** One commit, made beside the folder: nothing in it changes. */
async function commitFolder(repository: Repository, folder: string): Promise<void> {
  if ((await readdir(folder)).length === 0) throw new Error(`${folder} has no files`);
  const scratch = await mkdtemp(join(tmpdir(), "localhub-import-"));
  try {
    const git = gitIn(["--git-dir", scratch, "--work-tree", folder, "-c", "core.autocrlf=false"], folder);
    await git("init", "--quiet", "--initial-branch", repository.defaultBranch);
    await git("add", "--all", "--", ".", ...LEFT_OUT);
    await git("commit", "--quiet", "--allow-empty", "--message", `Import ${basename(folder)}`);
    await git("push", "--quiet", repository.git.directory, "HEAD");
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const gitIn =
  (options: readonly string[], cwd?: string) =>
  async (...words: readonly string[]): Promise<string> =>
    (await run("git", [...options, ...words], { env: GIT_ENV, ...(cwd !== undefined && { cwd }) })).stdout.trim();
