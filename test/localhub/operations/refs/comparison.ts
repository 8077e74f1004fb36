/** Comparing two commits of one fork network. */
import type { Commit, FileChange } from "../../git/git-repository.ts";
import { ApiError, notFound } from "../../world/api-error.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { networkOf } from "../people/networks.ts";
import { commitBySha } from "./git-objects.ts";

export interface Comparison {
  readonly base: Commit;
  readonly head: Commit;
  readonly mergeBase: Commit;
  readonly status: "identical" | "ahead" | "behind" | "diverged";
  /** Only on the head's side, oldest first. */
  readonly commits: readonly Commit[];
  readonly behindBy: number;
  /** What the head changed since the merge base. */
  readonly files: readonly FileChange[];
}

/**
 * Compares `BASE...HEAD`, each a branch, tag or SHA, with the prefix `owner:` or `owner:repository:` for another
 * repository of the network.
 * @param maySee Whether the caller may see another repository.
 * @throws ApiError 404 for a missing side, and for sides without common history.
 */
export async function compareCommits(
  world: World,
  repository: Repository,
  basehead: string,
  maySee: (other: Repository) => boolean,
): Promise<Comparison> {
  const [left, right, ...more] = basehead.split("...");
  if (!left || !right || more.length > 0) throw notFound();
  const [base, head] = await Promise.all([
    resolveSide(world, repository, left, maySee),
    resolveSide(world, repository, right, maySee),
  ]);
  const { git } = repository;
  const mergeBase = await git.mergeBase(base.sha, head.sha);
  if (mergeBase === undefined) throw new ApiError(404, `No common ancestor between ${left} and ${right}.`);
  const [ahead, behind, files] = await Promise.all([
    git.log(head.sha, { base: base.sha }),
    git.log(base.sha, { base: head.sha }),
    git.diff(mergeBase, head.sha),
  ]);
  return {
    base,
    head,
    mergeBase: await commitBySha(repository, mergeBase),
    status: statusOf(ahead.length, behind.length),
    commits: ahead.toReversed(),
    behindBy: behind.length,
    files,
  };
}

function statusOf(ahead: number, behind: number): Comparison["status"] {
  if (ahead > 0) return behind > 0 ? "diverged" : "ahead";
  return behind > 0 ? "behind" : "identical";
}

/** The side's commit, fetched into the repository when it is a fork's: on GitHub forks share their objects. */
async function resolveSide(
  world: World,
  repository: Repository,
  text: string,
  maySee: (other: Repository) => boolean,
): Promise<Commit> {
  const { owner, name, revision } = readSide(text);
  const other =
    owner === undefined
      ? repository
      : [repository, ...networkOf(world, repository)].find(
          (one) =>
            one.owner.login.toLowerCase() === owner.toLowerCase() &&
            (name === undefined || one.name.toLowerCase() === name.toLowerCase()),
        );
  const sha = other && maySee(other) ? await other.git.resolve(revision) : undefined;
  if (other === undefined || sha === undefined) throw notFound();
  if (other !== repository) await repository.git.fetch(other.git, sha);
  return commitBySha(repository, sha);
}

function readSide(text: string): { owner?: string; name?: string; revision: string } {
  const [first = "", second, third] = text.split(":");
  if (third !== undefined && second !== undefined) return { owner: first, name: second, revision: third };
  return second === undefined ? { revision: first } : { owner: first, revision: second };
}
