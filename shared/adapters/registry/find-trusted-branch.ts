/** Which trusted branch contains a commit. */
import * as z from "zod";
import { matchesBranch } from "../../core/policy/branch-pattern.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { readDefaultBranch } from "../github/read-default-branch.ts";
import { compareWithDefaultBranch } from "../github/trusted-commit.ts";

const comparison = z.object({ status: z.enum(["ahead", "behind", "diverged", "identical"]) });
const gitRef = z.object({ ref: z.string() });

/** Each costs a request; the newest names are tried first. */
const MAX_RELEASE_BRANCHES = 20;

/**
 * The default branch, or a release branch that contains the commit now. A commit that the repository does not know is on none.
 *
 * @param releaseBranches patterns of names, as the policy's `trust.release-branches`
 * @returns full ref; `undefined`: none of them
 * @throws GitHubError
 */
export async function findTrustedBranch(
  github: GitHub,
  commit: string,
  releaseBranches: readonly string[],
): Promise<string | undefined> {
  const main = await readDefaultBranch(github);
  if ((await compareWithDefaultBranch(github, commit))?.contains) return `refs/heads/${main}`;
  const found = await Promise.all(releaseBranches.map((pattern) => listBranches(github, pattern)));
  const names = [...new Set(found.flat())].sort().reverse();
  for (const name of names.slice(0, MAX_RELEASE_BRANCHES))
    if (await isOnBranch(github, commit, name)) return `refs/heads/${name}`;
  return undefined;
}

/** The patterns of all branches whose commits and runs are trusted. @throws GitHubError */
export const listTrustedBranches = async (
  github: GitHub,
  releaseBranches: readonly string[],
): Promise<readonly string[]> => [await readDefaultBranch(github), ...releaseBranches];

async function listBranches(github: GitHub, pattern: string): Promise<readonly string[]> {
  const prefix = pattern.replace(/[*?].*$/s, "");
  const refs = await github.readAll(github.rest.git.listMatchingRefs, { ...github.repository, ref: `heads/${prefix}` });
  return refs
    .map((ref) => parseResponse(gitRef, ref, "a branch").ref.replace(/^refs\/heads\//, ""))
    .filter((name) => matchesBranch(pattern, name));
}

async function isOnBranch(github: GitHub, commit: string, branch: string): Promise<boolean> {
  const range = { ...github.repository, basehead: `${commit}...refs/heads/${branch}`, per_page: 1 };
  try {
    const response = await github.find(() => github.rest.repos.compareCommitsWithBasehead(range));
    if (response === undefined) return false;
    const { status } = parseResponse(comparison, response, `the comparison of ${commit} with ${branch}`);
    return status === "ahead" || status === "identical";
  } catch (error) {
    // GitHub compares only commits with a common ancestor.
    if (error instanceof GitHubError && error.status === 422) return false;
    throw error;
  }
}
