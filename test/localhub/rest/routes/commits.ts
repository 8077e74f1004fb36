/** Commits, comparisons of them, and archives of their files. */

import { EMPTY_TREE } from "../../git/diff.ts";
import type { Commit, GitRepository } from "../../git/git-repository.ts";
import { accountOfIdentity } from "../../operations/git/resolve-git-identity.ts";
import { resolveCommitSha } from "../../operations/git/revisions.ts";
import { compareCommits } from "../../operations/refs/comparison.ts";
import { commitBySha } from "../../operations/refs/git-objects.ts";
import { assertNotEmpty } from "../../operations/refs/refs.ts";
import { renderCommit, renderCommitWithFiles } from "../../render/commit.ts";
import { renderComparison } from "../../render/comparison.ts";
import { notFound } from "../../world/api-error.ts";
import type { World } from "../../world/world.ts";
import { maySee } from "../callers/visibility.ts";
import { archiveUrl } from "../downloads/file-downloads.ts";
import { paginateNested } from "../replies/nested-page.ts";
import { accepts } from "../requests/media-type.ts";
import { type BytesReply, type Call, list, ok, type Reply, type Route, redirect, route } from "../route.ts";

/**
 * GitHub docs, "Get a commit": 300 files a page, 3,000 in all. "Compare two commits": 300 files, 250 commits unpaged.
 */
export const FILES_PER_PAGE = 300;
export const MAX_COMMIT_FILES = 3_000;
export const COMPARED_COMMITS = 250;

export const commitRoutes: readonly Route[] = [
  route("repos/list-commits", listCommits),
  route("repos/get-commit", getCommit),
  route("repos/compare-commits-with-basehead", compare),
  route("repos/download-tarball-archive", (call) => archive(call, "tar.gz")),
  route("repos/download-zipball-archive", (call) => archive(call, "zip")),
];

async function listCommits({ world, repository, query }: Call): Promise<Reply> {
  await assertNotEmpty(repository);
  const head = await repository.git.resolve(query["sha"] ?? repository.defaultBranch);
  if (head === undefined) throw notFound();
  const { path, author, committer, since, until } = query;
  const commits = await repository.git.log(head, path === undefined ? {} : { path });
  const [from, to] = [since, until].map((time) => (time === undefined ? undefined : new Date(time)));
  const found = commits.filter(
    (commit) =>
      (author === undefined || isBy(world, commit.author, author)) &&
      (committer === undefined || isBy(world, commit.committer, committer)) &&
      (from === undefined || commit.committer.date >= from) &&
      (to === undefined || commit.committer.date <= to),
  );
  return list(found, (commit) => renderCommit(world, repository, commit));
}

/** Whether the identity in a commit has this login or email address. */
function isBy(world: World, person: Commit["author"], loginOrEmail: string): boolean {
  if (loginOrEmail.includes("@")) return person.email.toLowerCase() === loginOrEmail.toLowerCase();
  return accountOfIdentity(world, person)?.login.toLowerCase() === loginOrEmail.toLowerCase();
}

async function getCommit(call: Call): Promise<Reply> {
  const { world, repository, path, url } = call;
  const { git } = repository;
  const sha = await resolveCommitSha(repository, path["ref"] ?? "");
  if (accepts(call, "sha")) return bytes("sha", Buffer.from(sha));
  const commit = await commitBySha(repository, sha);
  const base = commit.parents[0] ?? EMPTY_TREE;
  const text = await asText(call, git, base, sha);
  if (text) return text;
  const changes = (await git.diff(base, sha)).slice(0, MAX_COMMIT_FILES);
  const { items: shown, headers } = paginateNested(changes, url, FILES_PER_PAGE);
  return ok(renderCommitWithFiles(world, repository, commit, changes, shown), headers);
}

async function compare(call: Call): Promise<Reply> {
  const { world, repository, path, caller, url } = call;
  const basehead = path["basehead"] ?? "";
  const comparison = await compareCommits(world, repository, basehead, (other) => maySee(other, caller));
  const text = await asText(call, repository.git, comparison.mergeBase.sha, comparison.head.sha);
  if (text) return text;
  const isPaged = url.searchParams.has("page") || url.searchParams.has("per_page");
  const paged = paginateNested(comparison.commits, url, isPaged ? undefined : COMPARED_COMMITS);
  // Without pages, the newest commits are shown.
  const commits = isPaged ? paged.items : comparison.commits.slice(-COMPARED_COMMITS);
  const isFirst = Number(url.searchParams.get("page") ?? 1) <= 1;
  const files = isFirst ? comparison.files.slice(0, FILES_PER_PAGE) : undefined;
  return ok(renderComparison(world, repository, basehead, comparison, commits, files), isPaged ? paged.headers : {});
}

/** The changes as a diff or as mail, when the client requests that. */
async function asText(call: Call, git: GitRepository, base: string, head: string): Promise<BytesReply | undefined> {
  if (accepts(call, "diff")) return bytes("diff", await git.patchText(base, head, "diff"));
  if (accepts(call, "patch")) return bytes("patch", await git.patchText(base, head, "mail"));
  return undefined;
}

const bytes = (kind: string, body: Uint8Array): BytesReply => ({
  kind: "bytes",
  status: 200,
  type: `application/vnd.github.${kind}; charset=utf-8`,
  body,
});

async function archive({ world, repository, path }: Call, format: "tar.gz" | "zip"): Promise<Reply> {
  const revision = path["ref"] || repository.defaultBranch;
  const sha = await repository.git.resolve(revision);
  if (sha === undefined) throw notFound();
  return redirect(archiveUrl(world, repository, format, sha));
}
