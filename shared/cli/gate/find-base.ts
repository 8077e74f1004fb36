/** The commit that a change on a laptop would be merged onto. */
import type { GitCheckout } from "../../adapters/git/git-checkout.ts";
import { userError } from "../../problem/problem.ts";

export interface LocalBase {
  /** As it was found, for example `origin/main`. */
  readonly branch: string;
  /** Where this work left the branch. */
  readonly commit: string;
}

/** The default branch as the last fetch saw it, else one that is usually called so. */
const USUAL = ["origin/HEAD", "origin/main", "origin/master", "main", "master"] as const;

/**
 * @param wanted a branch, tag or commit; empty: the default branch
 * @returns `undefined` outside a repository, before the first commit, and where there is no default branch
 * @throws ActionError `base-unknown` when it was named and does not exist
 */
export async function findBase(git: GitCheckout, wanted: string): Promise<LocalBase | undefined> {
  const head = await git.head();
  for (const branch of wanted === "" ? USUAL : [wanted]) {
    const tip = await git.findCommit(branch);
    if (tip === undefined) continue;
    const commit = head === undefined ? tip : await git.mergeBase(head, tip);
    return { branch, commit: commit ?? tip };
  }
  if (wanted === "") return undefined;
  throw userError({
    code: "base-unknown",
    message: `git knows no branch, tag or commit ${JSON.stringify(wanted)} here`,
    fix: "Fetch it, or name another one with --base",
  });
}
