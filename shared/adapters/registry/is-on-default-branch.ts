/** Whether a commit has been merged. */
import * as z from "zod";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { readDefaultBranch } from "../github/read-default-branch.ts";

const comparison = z.object({ status: z.enum(["ahead", "behind", "diverged", "identical"]) });

/** Whether the default branch contains the commit now. A commit that the repository does not know is not merged. */
export async function isOnDefaultBranch(github: GitHub, commit: string): Promise<boolean> {
  const branch = await readDefaultBranch(github);
  const range = { ...github.repository, basehead: `${commit}...${branch}`, per_page: 1 };
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
