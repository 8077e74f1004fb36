/** Workflow files give power over the repository, so that tokens need a permission of their own to change them. */

import { ApiError } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository } from "../../world/repository.ts";

const FOLDER = ".github/workflows";

/**
 * Checks that a token which lacks the `workflows` permission (a job's token can never have it) brings in no workflow
 * file that is not on some branch already. GitHub docs, "Permissions required for GitHub Apps": workflows.
 * @throws Refusal 403 naming the token's kind, as GitHub answers such a push.
 */
export async function assertWorkflowsMayChange(
  repository: Repository,
  before: string,
  after: string,
  { token }: Caller,
): Promise<void> {
  if (token?.permissions === undefined || token.permissions["workflows"] === "write") return;
  const wanted = await workflowsAt(repository, after);
  if (wanted === undefined || wanted === (await workflowsAt(repository, before))) return;
  for (const branch of await repository.git.refs("refs/heads/"))
    if ((await workflowsAt(repository, branch.sha)) === wanted) return;
  const carrier = token.app === undefined ? "a Personal Access Token" : "a GitHub App";
  throw new ApiError(
    403,
    `refusing to allow ${carrier} to create or update workflows without \`workflows\` permission`,
  );
}

/** The tree of workflow files in a commit; equal trees hold equal files. */
const workflowsAt = async ({ git }: Repository, sha: string): Promise<string | undefined> =>
  (await git.entryAt(sha, FOLDER))?.sha;
