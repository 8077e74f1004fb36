/** The git that this hub needs. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cannotStart, gitEnvironment } from "./run-git.ts";

/** `git merge-tree --write-tree`, a merge without a work tree, came with git 2.38. */
const OLDEST = { major: 2, minor: 38 } as const;

let checked: Promise<void> | undefined;

/** Checks once per process that git is there and new enough. @throws Error that says what was found and what is needed. */
export function requireGit(): Promise<void> {
  checked ??= readVersion().then(assertGitVersion);
  return checked;
}

/** @throws Error when `git version` told of a git older than 2.38. */
export function assertGitVersion(output: string): void {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(output)?.map(Number) ?? [];
  if (major === undefined || minor === undefined)
    throw new Error(`"git version" answered "${output}": no version in it`);
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor))
    throw new Error(`git ${major}.${minor} is too old: the local GitHub needs git 2.38 or newer on the PATH`);
}

async function readVersion(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["version"], { env: gitEnvironment() });
    return stdout.trim();
  } catch (error) {
    throw error instanceof Error ? cannotStart(error) : error;
  }
}
