/** Committing files to a branch without a clone. */
import type { TreeChange, TreeEntry } from "../../git/git-repository.ts";
import { treePathError } from "../../git/tree-edit.ts";
import { ApiError, invalid, notFound } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { gitIdentityOf } from "../git/git-identity.ts";
import { type GitIdentityInput, resolveGitIdentity } from "../git/resolve-git-identity.ts";
import { pushRef, ZERO_SHA } from "./refs.ts";

/** A file's new content; `null` deletes it. Mode `100755` is a program, `120000` a link whose content is its target. */
export type FileContent = string | Uint8Array | null | FileWithMode;
export interface FileWithMode {
  readonly content: string | Uint8Array;
  readonly mode: "100644" | "100755" | "120000";
}

export interface FilesToCommit {
  /** The short name; made when there is no such branch. */
  readonly branch: string;
  /** By path. A file keeps the mode it has. */
  readonly files: Readonly<Record<string, FileContent>>;
  readonly message: string;
  /** The caller, unless given. */
  readonly author?: GitIdentityInput;
  readonly committer?: GitIdentityInput;
  /** Where a new branch starts: a branch, tag or SHA. The default branch, unless given. */
  readonly startFrom?: string;
}

/**
 * Commits all of the files at once and moves the branch. Returns the commit's SHA.
 * @throws Refusal as {@link pushRef} does; 409 when the branch moved meanwhile.
 */
export async function commitFiles(
  world: World,
  repository: Repository,
  wanted: FilesToCommit,
  caller: Caller,
): Promise<string> {
  const { git } = repository;
  const ref = `refs/heads/${wanted.branch}`;
  const tip = (await git.ref(ref))?.sha;
  const parent = tip ?? (await startOf(repository, wanted.startFrom));
  const author = resolveGitIdentity(wanted.author, gitIdentityOf(world, caller.actor));
  const sha = await git.writeCommit({
    tree: await git.writeTree(parent, await changesOf(repository, parent, wanted.files)),
    parents: parent === undefined ? [] : [parent],
    author,
    committer: resolveGitIdentity(wanted.committer, author),
    message: wanted.message,
  });
  await pushRef(world, repository, { ref, sha, expected: tip ?? ZERO_SHA }, caller);
  return sha;
}

export interface FileChangeRequest {
  readonly path: string;
  /** `undefined` deletes the file. */
  readonly content: Uint8Array | undefined;
  readonly message: string;
  /** The default branch, unless given. */
  readonly branch?: string | undefined;
  /** The blob the caller means to replace or delete. */
  readonly sha?: string | undefined;
  readonly author?: GitIdentityInput | undefined;
  readonly committer?: GitIdentityInput | undefined;
}

export interface FileChangeResult {
  readonly commit: string;
  readonly entry: TreeEntry | undefined;
  /** There was no such file before. */
  readonly isNew: boolean;
}

/**
 * Creates, replaces or deletes one file as the contents API does.
 * @throws Refusal 404 for an unknown branch, 422 without `sha` for a file that is there, 409 when `sha` is not its blob.
 */
export async function changeFile(
  world: World,
  repository: Repository,
  request: FileChangeRequest,
  caller: Caller,
): Promise<FileChangeResult> {
  const { git } = repository;
  const { path, content, sha } = request;
  const problem = treePathError(path);
  if (problem) throw invalid(`path contains a malformed path component: ${problem}`);
  const branch = (request.branch ?? repository.defaultBranch).replace(/^refs\/heads\//, "");
  const tip = await git.ref(`refs/heads/${branch}`);
  const isFirst = tip === undefined && branch === repository.defaultBranch;
  if (tip === undefined && !isFirst) throw new ApiError(404, `Branch ${branch} not found`);

  const known = tip && (await git.entryAt(tip.sha, path));
  if (!known && content === undefined) throw notFound();
  if (known && sha === undefined) throw invalid(`Invalid request.\n\n"sha" wasn't supplied.`);
  if (sha !== undefined && known?.sha !== sha) throw new ApiError(409, `${path} does not match ${sha}`);

  const author = resolveGitIdentity(
    request.author,
    resolveGitIdentity(request.committer, gitIdentityOf(world, caller.actor)),
  );
  const committer = resolveGitIdentity(request.committer, gitIdentityOf(world, caller.actor));
  const commit = await commitFiles(
    world,
    repository,
    { branch, files: { [path]: content ?? null }, message: request.message, author, committer },
    caller,
  );
  return { commit, entry: await git.entryAt(commit, path), isNew: known === undefined };
}

async function startOf(repository: Repository, revision: string | undefined): Promise<string | undefined> {
  const start = await repository.git.resolve(revision ?? repository.defaultBranch);
  if (start === undefined && revision !== undefined) throw invalid(`No commit found for SHA: ${revision}`);
  return start;
}

function changesOf(
  { git }: Repository,
  parent: string | undefined,
  files: FilesToCommit["files"],
): Promise<TreeChange[]> {
  return Promise.all(
    Object.entries(files).map(async ([path, file]): Promise<TreeChange> => {
      const known = parent === undefined ? undefined : await git.entryAt(parent, path);
      const kept = known?.type === "blob" ? known.mode : "100644";
      if (file === null) return { path, mode: kept, type: "blob", sha: null };
      const { content, mode } = isWithMode(file) ? file : { content: file, mode: kept };
      return { path, mode, type: "blob", sha: await git.writeBlob(Buffer.from(content)) };
    }),
  );
}

const isWithMode = (file: string | Uint8Array | FileWithMode): file is FileWithMode =>
  typeof file === "object" && "mode" in file;
