/** Workflow files give control over the repository, so tokens need a separate permission to change them. */

import { ApiError } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository } from "../../world/repository.ts";

const FOLDER = ".github/workflows";

/**
 * Checks that a token without the `workflows` permission (a job's token can never have it) adds no workflow file that
 * is not on a branch already. GitHub docs, "Permissions required for GitHub Apps": workflows.
 * @throws ApiError 403 naming the token's kind, GitHub's response to such a push.
 */
export async function assertWorkflowsMayChange(
  repository: Repository,
  before: string,
  after: string,
  { token }: Caller,
): Promise<void> {
  if (token?.permissions === undefined || token.permissions["workflows"] === "write") return;
  const workflows = await workflowsAt(repository, after);
  if (workflows === undefined || workflows === (await workflowsAt(repository, before))) return;
  for (const branch of await repository.git.refs("refs/heads/"))
    if ((await workflowsAt(repository, branch.sha)) === workflows) return;
  const kind = token.app === undefined ? "a Personal Access Token" : "a GitHub App";
  throw new ApiError(403, `refusing to allow ${kind} to create or update workflows without \`workflows\` permission`);
}

/** The tree of workflow files in a commit; equal trees contain equal files. */
const workflowsAt = async ({ git }: Repository, sha: string): Promise<string | undefined> =>
  (await git.entryAt(sha, FOLDER))?.sha;
