/** Branches, tags, and merging one branch into another. */
import type { Ref } from "../../git/git-repository.ts";
import { requireCommitSha } from "../../operations/git/revisions.ts";
import { isProtected } from "../../operations/protection/protection-summary.ts";
import { mergeBranch } from "../../operations/refs/branch-merges.ts";
import { commitBySha } from "../../operations/refs/git-objects.ts";
import { shortRef } from "../../operations/refs/refs.ts";
import { renderBranch, renderBranchAtHead, renderShortBranch, renderTag } from "../../render/branches.ts";
import { renderCommit } from "../../render/commit.ts";
import { ApiError } from "../../world/api-error.ts";
import type { Repository } from "../../world/repository.ts";
import { created, list, noContent, ok, type Route, route } from "../route.ts";

interface MergeBody {
  readonly base: string;
  readonly head: string;
  readonly commit_message?: string;
}

export const branchRoutes: readonly Route[] = [
  route("repos/list-branches", async ({ world, repository, query }) => {
    const isProtectedOnly = query["protected"] === undefined ? undefined : query["protected"] === "true";
    const branches = (await branchesOf(repository)).filter(
      ({ name }) => isProtectedOnly === undefined || isProtected(world, repository, shortRef(name)) === isProtectedOnly,
    );
    return list(branches, (branch) => renderShortBranch(world, repository, branch));
  }),

  route("repos/get-branch", async ({ world, repository, path }) => {
    const name = path["branch"] ?? "";
    const ref = await repository.git.ref(`refs/heads/${name}`);
    if (!ref) throw new ApiError(404, "Branch not found");
    return ok(renderBranch(world, repository, name, await commitBySha(repository, ref.sha)));
  }),

  route("repos/list-branches-for-head-commit", async ({ world, repository, path }) => {
    const sha = await requireCommitSha(repository, path["commit_sha"] ?? "");
    const branches = (await branchesOf(repository)).filter((branch) => branch.sha === sha);
    return ok(branches.map((branch) => renderBranchAtHead(world, repository, branch)));
  }),

  route("repos/list-tags", async ({ world, repository }) => {
    const refs = await repository.git.refs("refs/tags/");
    const tags = await Promise.all(refs.map(async (ref) => ({ ref, sha: await repository.git.resolve(ref.name) })));
    // Tags of objects that are not commits are not listed. The newest version comes first, as on GitHub.
    const listed = tags.flatMap(({ ref, sha }) => (sha === undefined ? [] : [{ ref, sha }])).sort(byVersion);
    return list(listed, ({ ref, sha }) => renderTag(world, repository, ref, sha));
  }),

  route("repos/merge", async ({ world, repository, body, requiredCaller: caller }) => {
    const { base, head, commit_message: message } = body as unknown as MergeBody;
    const merged = await mergeBranch(world, repository, { base, head, message }, caller);
    if (merged === undefined) return noContent;
    return created(renderCommit(world, repository, await commitBySha(repository, merged)));
  }),
];

const branchesOf = ({ git }: Repository): Promise<readonly Ref[]> => git.refs("refs/heads/");

const versions = new Intl.Collator("en", { numeric: true });
const byVersion = (one: { readonly ref: Ref }, other: { readonly ref: Ref }): number =>
  versions.compare(other.ref.name, one.ref.name);
