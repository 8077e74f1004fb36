/** Commit statuses: the simple way to report a result for a commit. */

import { validationFailed } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { CommitStatus, StatusState } from "../../world/checks.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { countCharacters, tooLong } from "../conversations/text-limits.ts";
import { requireCommitSha } from "../git/revisions.ts";

/** GitHub docs, "Create a commit status": at most this many for one commit and context. */
export const MAX_STATUSES = 1_000;
/** In characters. Not in the docs; above it GitHub returns 422 with this message (zalando/zappr#378). */
export const MAX_COMMIT_STATUS_DESCRIPTION_LENGTH = 140;
/** In characters: the size of GitHub's database column. */
const MAX_CONTEXT_LENGTH = 255;

export interface NewStatus {
  readonly state: StatusState;
  readonly context?: string | undefined;
  readonly description?: string | null | undefined;
  readonly targetUrl?: string | null | undefined;
}

/**
 * @throws ApiError 422 when the commit is unknown, a text is too long, or the commit and context have too many
 * statuses.
 */
export async function createStatus(
  world: World,
  repository: Repository,
  sha: string,
  input: NewStatus,
  caller: Caller,
): Promise<CommitStatus> {
  const commit = await requireCommitSha(repository, sha);
  const context = input.context ?? "default";
  checkStatus(repository, commit, context, input);
  const status: CommitStatus = {
    id: world.nextId(),
    sha: commit,
    state: input.state,
    context,
    description: input.description ?? null,
    targetUrl: input.targetUrl ?? null,
    creator: caller.actor,
    createdAt: world.clock.now(),
  };
  repository.statuses.push(status);
  world.publish({ event: "status", status, repository, actor: caller.actor, cause: caller.token });
  return status;
}

/** Every status of the commit, newest first. */
export function statusesOf(repository: Repository, sha: string): readonly CommitStatus[] {
  return repository.statuses.filter((status) => status.sha === sha).reverse();
}

/** The newest status of each context. Contexts are compared without case, as GitHub documents. */
export function latestStatuses(repository: Repository, sha: string): readonly CommitStatus[] {
  const latest = new Map<string, CommitStatus>();
  for (const status of statusesOf(repository, sha)) {
    const key = status.context.toLowerCase();
    if (!latest.has(key)) latest.set(key, status);
  }
  return [...latest.values()].reverse();
}

/** GitHub docs, "Get the combined status": one failed context fails it; it is pending with no or a pending context. */
export function combinedState(latest: readonly CommitStatus[]): "failure" | "pending" | "success" {
  if (latest.some(({ state }) => state === "error" || state === "failure")) return "failure";
  return latest.length === 0 || latest.some(({ state }) => state === "pending") ? "pending" : "success";
}

function checkStatus(repository: Repository, sha: string, context: string, input: NewStatus): void {
  if (countCharacters(input.description ?? "") > MAX_COMMIT_STATUS_DESCRIPTION_LENGTH) {
    throw validationFailed(tooLong("Status", "description", MAX_COMMIT_STATUS_DESCRIPTION_LENGTH));
  }
  if (countCharacters(context) > MAX_CONTEXT_LENGTH)
    throw validationFailed(tooLong("Status", "context", MAX_CONTEXT_LENGTH));
  if (input.targetUrl && !/^https?:\/\//i.test(input.targetUrl)) {
    const message = "target_url must use http(s) scheme";
    throw validationFailed({ resource: "Status", code: "custom", field: "target_url", message });
  }
  const same = statusesOf(repository, sha).filter((status) => status.context.toLowerCase() === context.toLowerCase());
  if (same.length >= MAX_STATUSES) {
    const message = "This SHA and context has reached the maximum number of statuses.";
    throw validationFailed({ resource: "Status", code: "custom", message });
  }
}
