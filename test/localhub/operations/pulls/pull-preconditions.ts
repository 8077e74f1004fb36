/** What must be true before a pull request between two branches can be opened. */

import type { FieldError } from "../../world/api-error.ts";
import { validationFailed } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { mayPush } from "../people/access.ts";
import { networkOf } from "../people/networks.ts";
import { isOpen } from "./pull-state.ts";

export interface BranchPair {
  /** `branch`, or `owner:branch` for the branch of a fork. */
  readonly head: string;
  /** The name of the head's repository, where its owner has several of the same network. */
  readonly headRepository?: string | undefined;
  readonly base: string;
}

export interface PullBranches {
  readonly head: Repository;
  readonly branch: string;
  readonly baseTip: string;
  /** Already fetched into the base repository. */
  readonly headTip: string;
}

/** @throws ApiError 422 for a missing branch, or for callers without rights on either side. */
export async function resolvePullBranches(
  world: World,
  base: Repository,
  pair: BranchPair,
  caller: Caller,
): Promise<PullBranches> {
  const { repository: head, branch } = headOf(world, base, pair);
  const [baseTip, headTip] = await Promise.all([
    base.git.ref(`refs/heads/${pair.base}`),
    head?.git.ref(`refs/heads/${branch}`),
  ]);
  const errors: FieldError[] = [];
  if (baseTip === undefined) errors.push({ resource: "PullRequest", field: "base", code: "invalid" });
  if (headTip === undefined) errors.push({ resource: "PullRequest", field: "head", code: "invalid" });
  if (baseTip === undefined || headTip === undefined || head === undefined) throw validationFailed(...errors);
  if (!mayPush(base, caller) && !mayPush(head, caller)) {
    throw validationFailed({ resource: "PullRequest", code: "custom", message: "must be a collaborator" });
  }
  if (head !== base) await base.git.fetch(head.git, headTip.sha);
  return { head, branch, baseTip: baseTip.sha, headTip: headTip.sha };
}

function headOf(
  world: World,
  base: Repository,
  pair: BranchPair,
): { readonly repository: Repository | undefined; readonly branch: string } {
  const colon = pair.head.indexOf(":");
  if (colon < 0 && pair.headRepository === undefined) return { repository: base, branch: pair.head };
  const owner = colon < 0 ? undefined : pair.head.slice(0, colon).toLowerCase();
  const name = pair.headRepository?.split("/").at(-1)?.toLowerCase();
  const repository = [base, ...networkOf(world, base)].find(
    (candidate) =>
      (owner === undefined || candidate.owner.login.toLowerCase() === owner) &&
      (name === undefined || candidate.name.toLowerCase() === name),
  );
  return { repository, branch: pair.head.slice(colon + 1) };
}

/** @throws ApiError 422 when the base contains the head already, or the two have no common history. */
export async function assertSomethingToMerge(
  repository: Repository,
  pair: BranchPair,
  baseTip: string,
  headTip: string,
): Promise<void> {
  const { git } = repository;
  const reject = (message: string): never => {
    throw validationFailed({ resource: "PullRequest", code: "custom", message });
  };
  const mergeBase = await git.mergeBase(baseTip, headTip);
  if (mergeBase === headTip) reject(`No commits between ${pair.base} and ${pair.head}`);
  if (mergeBase === undefined) {
    reject(`The ${pair.head} branch has no history in common with ${pair.base}`);
  }
}

/** @throws ApiError 422 when there is an open pull request between the two. */
export function assertNoOpenPull(repository: Repository, head: Repository, branch: string, base: string): void {
  const other = [...repository.pulls.values()].find(
    (pull) => isOpen(pull) && pull.head === head && pull.headRef === branch && pull.baseRef === base,
  );
  if (other === undefined) return;
  const message = `A pull request already exists for ${head.owner.login}:${branch}.`;
  throw validationFailed({ resource: "PullRequest", code: "custom", message });
}
