/** Committing files to a branch without a clone. */
import { type TreeChange, type TreeEntry, ZERO_SHA } from "../../git/git-repository.ts";
import { treePathError } from "../../git/tree-edit.ts";
import { ApiError, notFound, unprocessable } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { gitIdentityOf } from "../git/git-identity.ts";
import { type GitIdentityInput, resolveGitIdentity } from "../git/resolve-git-identity.ts";
import { moveRef } from "./refs.ts";

/**
 * A file's new content; `null` deletes it. Mode `100755` is an executable, `120000` a link whose content is its target.
 */
export type FileContent = string | Uint8Array | null | FileWithMode;
export interface FileWithMode {
  readonly content: string | Uint8Array;
  readonly mode: "100644" | "100755" | "120000";
}

export interface FilesToCommit {
  /** The short name; created when there is no such branch. */
  readonly branch: string;
  /** By path. An existing file keeps its mode. */
  readonly files: Readonly<Record<string, FileContent>>;
  readonly message: string;
  /** The caller by default. */
  readonly author?: GitIdentityInput;
  readonly committer?: GitIdentityInput;
  /** Where a new branch starts: a branch, tag or SHA. The default branch by default. */
  readonly startFrom?: string;
  /** The branch's commit that it builds on, where something about it was decided. What is there by default. */
  readonly tip?: string | undefined;
}

/**
 * Commits all of the files at once and moves the branch. Returns the commit's SHA.
 * @throws ApiError as {@link moveRef} does; 409 when the branch moved in the meantime.
 */
export async function commitFiles(
  world: World,
  repository: Repository,
  input: FilesToCommit,
  caller: Caller,
): Promise<string> {
  const { git } = repository;
  const ref = `refs/heads/${input.branch}`;
  const tip = input.tip ?? (await git.ref(ref))?.sha;
  const parent = tip ?? (await startOf(repository, input.startFrom));
  const author = resolveGitIdentity(input.author, gitIdentityOf(world, caller.actor));
  const sha = await git.writeCommit({
    tree: await git.writeTree(parent, await changesOf(repository, parent, input.files)),
    parents: parent === undefined ? [] : [parent],
    author,
    committer: resolveGitIdentity(input.committer, author),
    message: input.message,
  });
  await moveRef(world, repository, { ref, sha, expected: tip ?? ZERO_SHA }, caller);
  return sha;
}

export interface FileChangeRequest {
  readonly path: string;
  /** `undefined` deletes the file. */
  readonly content: Uint8Array | undefined;
  readonly message: string;
  /** The repository's default branch by default. */
  readonly branch?: string | undefined;
  /** The blob that the caller expects to replace or delete. */
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
 * @throws ApiError 404 for an unknown branch, 422 without `sha` for an existing file, 409 when `sha` is not its blob.
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
  if (problem) throw unprocessable(`path contains a malformed path component: ${problem}`);
  const branch = (request.branch ?? repository.defaultBranch).replace(/^refs\/heads\//, "");
  const tip = await git.ref(`refs/heads/${branch}`);
  const isFirst = tip === undefined && branch === repository.defaultBranch;
  if (tip === undefined && !isFirst) throw new ApiError(404, `Branch ${branch} not found`);

  const existing = tip && (await git.entryAt(tip.sha, path));
  if (!existing && content === undefined) throw notFound();
  if (existing && sha === undefined) throw unprocessable(`Invalid request.\n\n"sha" wasn't supplied.`);
  if (sha !== undefined && existing?.sha !== sha) throw new ApiError(409, `${path} does not match ${sha}`);

  const author = resolveGitIdentity(
    request.author,
    resolveGitIdentity(request.committer, gitIdentityOf(world, caller.actor)),
  );
  const committer = resolveGitIdentity(request.committer, gitIdentityOf(world, caller.actor));
  // On the commit whose blob was compared: the branch may have moved since, and then it must not move again.
  const commit = await commitFiles(
    world,
    repository,
    { branch, tip: tip?.sha, files: { [path]: content ?? null }, message: request.message, author, committer },
    caller,
  );
  return { commit, entry: await git.entryAt(commit, path), isNew: existing === undefined };
}

async function startOf(repository: Repository, revision: string | undefined): Promise<string | undefined> {
  const start = await repository.git.resolve(revision ?? repository.defaultBranch);
  if (start === undefined && revision !== undefined) throw unprocessable(`No commit found for SHA: ${revision}`);
  return start;
}

function changesOf(
  { git }: Repository,
  parent: string | undefined,
  files: FilesToCommit["files"],
): Promise<TreeChange[]> {
  return Promise.all(
    Object.entries(files).map(async ([path, file]): Promise<TreeChange> => {
      const existing = parent === undefined ? undefined : await git.entryAt(parent, path);
      const currentMode = existing?.type === "blob" ? existing.mode : "100644";
      if (file === null) return { path, mode: currentMode, type: "blob", sha: null };
      const { content, mode } = isWithMode(file) ? file : { content: file, mode: currentMode };
      return { path, mode, type: "blob", sha: await git.writeBlob(Buffer.from(content)) };
    }),
  );
}

const isWithMode = (file: string | Uint8Array | FileWithMode): file is FileWithMode =>
  typeof file === "object" && "mode" in file;
