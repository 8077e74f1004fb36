/** What is written lies in the workspace: it must not take the place of what was there, nor of each other. */

import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { GitCheckout } from "../../shared/adapters/git/git-checkout.ts";
import { userError } from "../../shared/problem/problem.ts";

interface Inputs {
  readonly contracts: readonly string[];
  readonly files: readonly string[];
}

type Files = Pick<WorkspaceFiles, "exists" | "locate">;

/**
 * @param written paths of the record and of the other forms
 * @throws ActionError `record-overwrites` for a file that is checked, a contract, anything git tracks, or a path that is there twice
 */
export async function assertWritable(
  files: Files,
  git: Pick<GitCheckout, "isTracked">,
  written: readonly string[],
  inputs: Inputs,
): Promise<void> {
  for (const [at, path] of written.entries()) {
    const earlier = written.slice(0, at).includes(path) ? "what is written before it" : undefined;
    const what = earlier ?? (await findOverwritten(files, git, path, inputs));
    if (what === undefined) continue;
    throw userError({
      code: "record-overwrites",
      message: `writing it would overwrite ${what}`,
      place: { file: path },
      fix: "Give the input the name of a new file",
    });
  }
}

async function findOverwritten(
  files: Files,
  git: Pick<GitCheckout, "isTracked">,
  path: string,
  { contracts, files: checked }: Inputs,
): Promise<string | undefined> {
  if (!(await files.exists(path))) return undefined;
  const place = await files.locate(path);
  const inPlace = async (paths: readonly string[]): Promise<boolean> => {
    for (const each of paths) if ((await files.exists(each)) && (await files.locate(each)) === place) return true;
    return false;
  };
  if (await inPlace(contracts)) return "the contract";
  if (await inPlace(checked)) return "one of the files to check";
  return (await git.isTracked(place)) ? "a file of the repository" : undefined;
}
