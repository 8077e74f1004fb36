/** The record is written in the workspace: it must not take the place of what was there. */

import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { GitCheckout } from "../../shared/adapters/git/git-checkout.ts";
import { userError } from "../../shared/problem/problem.ts";

interface Inputs {
  readonly contracts: readonly string[];
  readonly files: readonly string[];
}

/** @throws ActionError `record-overwrites` for a file that is checked, the contract, or anything git tracks */
export async function assertRecordIsFree(
  files: Pick<WorkspaceFiles, "exists" | "locate">,
  git: Pick<GitCheckout, "isTracked">,
  record: string,
  inputs: Inputs,
): Promise<void> {
  if (!(await files.exists(record))) return;
  const place = await files.locate(record);
  const inPlace = async (paths: readonly string[]): Promise<boolean> => {
    for (const path of paths) if ((await files.exists(path)) && (await files.locate(path)) === place) return true;
    return false;
  };
  const what = (await inPlace(inputs.contracts))
    ? "the contract"
    : (await inPlace(inputs.files))
      ? "one of the files to check"
      : (await git.isTracked(place))
        ? "a file of the repository"
        : undefined;
  if (what === undefined) return;
  throw userError({
    code: "record-overwrites",
    message: `the record would overwrite ${what}`,
    place: { file: record },
    fix: "Give the input record the name of a new file",
  });
}
