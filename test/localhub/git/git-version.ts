/** The version of git that the local GitHub needs. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { gitEnvironment, gitStartError } from "./run-git.ts";

/** `git merge-tree --write-tree`, a merge without a work tree, came with git 2.38. */
const MIN_GIT_VERSION = { major: 2, minor: 38 } as const;

let checked: Promise<void> | undefined;

/**
 * Checks once per process that git is installed and new enough. @throws Error with the version found and the one
 * needed.
 */
export function assertGitAvailable(): Promise<void> {
  checked ??= readGitVersion().then(assertGitVersion);
  return checked;
}

/** @throws Error when the output of `git version` shows a git older than 2.38. */
export function assertGitVersion(output: string): void {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(output)?.map(Number) ?? [];
  if (major === undefined || minor === undefined)
    throw new Error(`"git version" printed "${output}", which has no version number`);
  if (major < MIN_GIT_VERSION.major || (major === MIN_GIT_VERSION.major && minor < MIN_GIT_VERSION.minor))
    throw new Error(`git ${major}.${minor} is too old: the local GitHub needs git 2.38 or newer on the PATH`);
}

async function readGitVersion(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["version"], { env: gitEnvironment() });
    return stdout.trim();
  } catch (error) {
    throw error instanceof Error ? gitStartError(error) : error;
  }
}
