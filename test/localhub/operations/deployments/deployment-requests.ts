/** Deployments requested over the REST API: the ref is updated and its checks are evaluated first. */

import { ApiError } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Deployment } from "../../world/deployments.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { latestCheckRuns } from "../checks/checks.ts";
import { latestStatuses } from "../checks/statuses.ts";
import { gitIdentityOf, serverGitIdentity } from "../git/git-identity.ts";
import { moveRef } from "../refs/refs.ts";
import { type NewDeployment, openDeployment } from "./deployments.ts";

export interface DeploymentRequest extends Omit<NewDeployment, "sha" | "environment"> {
  readonly environment?: string | undefined;
  /** Merge the default branch into the ref when it is behind; true by default. */
  readonly autoMerge?: boolean | undefined;
  /** Contexts that must have succeeded; by default all that were reported. */
  readonly requiredContexts?: readonly string[] | undefined;
}

export type DeploymentRequestResult =
  | { readonly kind: "created"; readonly deployment: Deployment }
  /** The ref was behind, and the default branch was merged into it; nothing is deployed until the next request. */
  | { readonly kind: "merged"; readonly message: string };

/**
 * @throws ApiError 422 for an unknown ref, 409 for a conflict with the default branch or checks that did not succeed.
 */
export async function requestDeployment(
  world: World,
  repository: Repository,
  request: DeploymentRequest,
  caller: Caller,
): Promise<DeploymentRequestResult> {
  const sha = await repository.git.resolve(request.ref);
  if (sha === undefined) throw new ApiError(422, `No ref found for: ${request.ref}`);
  if (request.autoMerge !== false && (await isBehind(repository, sha))) {
    return { kind: "merged", message: await mergeDefaultBranch(world, repository, request.ref, sha, caller) };
  }
  assertContexts(repository, sha, request);
  const environment = request.environment ?? "production";
  const production = request.production ?? environment === "production";
  return {
    kind: "created",
    deployment: openDeployment(world, repository, { ...request, sha, environment, production }, caller),
  };
}

async function isBehind({ git, defaultBranch }: Repository, sha: string): Promise<boolean> {
  const tip = (await git.ref(`refs/heads/${defaultBranch}`))?.sha;
  return tip !== undefined && !(await git.isAncestor(tip, sha));
}

/**
 * Merges the default branch into the deployed one. A ref that is not a branch cannot be merged into: a conflict too.
 */
async function mergeDefaultBranch(
  world: World,
  repository: Repository,
  ref: string,
  sha: string,
  caller: Caller,
): Promise<string> {
  const { git, defaultBranch } = repository;
  const branch = ref.replace(/^refs\/heads\//, "").replace(/^heads\//, "");
  const tip = await git.resolve(`refs/heads/${defaultBranch}`);
  const onBranch = (await git.ref(`refs/heads/${branch}`))?.sha === sha;
  const merged = tip !== undefined && onBranch ? await git.mergeTree(sha, tip) : undefined;
  if (tip === undefined || !merged?.clean) throw new ApiError(409, `Conflict merging ${defaultBranch} into ${ref}.`);
  const author = gitIdentityOf(world, caller.actor);
  const commit = await git.writeCommit({
    tree: merged.tree,
    parents: [sha, tip],
    author,
    committer: serverGitIdentity(world),
    message: `Merge ${defaultBranch} into ${branch}`,
  });
  await moveRef(world, repository, { ref: `refs/heads/${branch}`, sha: commit, expected: sha }, caller);
  return `Auto-merged ${defaultBranch} into ${ref} on deployment.`;
}

/** Statuses and check runs both count, and only `success` is enough (sbb-design-systems/sbb-angular#2447). */
function assertContexts(repository: Repository, sha: string, { ref, requiredContexts }: DeploymentRequest): void {
  const states = reportedStates(repository, sha);
  const required = requiredContexts ?? [...states.keys()];
  const contexts = required.map((context) => ({ context, state: states.get(context) ?? "pending" }));
  if (contexts.every(({ state }) => state === "success")) return;
  throw new ApiError(409, `Conflict: Commit status checks failed for ${ref}.`, [
    { contexts, resource: "Deployment", field: "required_contexts", code: "invalid" },
  ]);
}

/** The last state of each context for the commit. Where a status and a check run share a name, both must succeed. */
function reportedStates(repository: Repository, sha: string): ReadonlyMap<string, string> {
  const states = new Map<string, string>(latestStatuses(repository, sha).map(({ context, state }) => [context, state]));
  const runs = [...repository.checkRuns.values()].filter(({ headSha }) => headSha === sha);
  for (const { name, status, conclusion } of latestCheckRuns(runs)) {
    const state = states.get(name) ?? "success";
    if (state === "success") states.set(name, status === "completed" ? (conclusion ?? "neutral") : "pending");
  }
  return states;
}
