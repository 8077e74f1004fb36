/** Writing objects to the git database by API: blobs, trees, commits, tags. No ref is moved. */
import type { Commit, TreeChange, TreeEntry } from "../../git/git-repository.ts";
import { isRefName } from "../../git/ref-name.ts";
import { treePathError } from "../../git/tree-edit.ts";
import { notFound, unprocessable } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { gitIdentityOf } from "../git/git-identity.ts";
import { type GitIdentityInput, resolveGitIdentity } from "../git/resolve-git-identity.ts";
import { assertNotEmpty } from "./refs.ts";

export interface NewTreeEntry {
  readonly path?: string | undefined;
  readonly mode?: TreeEntry["mode"] | undefined;
  readonly type?: TreeEntry["type"] | undefined;
  /** `null` deletes the path. */
  readonly sha?: string | null | undefined;
  /** The text of a file, instead of the SHA of one. */
  readonly content?: string | undefined;
}

export interface NewCommitRequest {
  readonly message: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author?: GitIdentityInput | undefined;
  readonly committer?: GitIdentityInput | undefined;
  readonly signature?: string | undefined;
}

export interface NewTagRequest {
  readonly tag: string;
  readonly message: string;
  readonly object: string;
  readonly tagger?: GitIdentityInput | undefined;
}

/** @throws ApiError 422 for an unknown encoding or invalid base64, 409 for an empty repository. */
export async function createBlob(repository: Repository, content: string, encoding: string): Promise<string> {
  await assertNotEmpty(repository);
  if (encoding === "utf-8" || encoding === "utf8") return repository.git.writeBlob(Buffer.from(content));
  if (encoding !== "base64") throw unprocessable(`encoding "${encoding}" is not one of utf-8, base64`);
  return repository.git.writeBlob(decodeBase64(content));
}

/** Bytes of base64 text, which may have line breaks. @throws ApiError 422. */
export function decodeBase64(content: string): Buffer {
  const text = content.replaceAll(/\s/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 === 1) throw unprocessable("content is not valid Base64");
  return Buffer.from(text, "base64");
}

/** @throws ApiError 422 for an invalid path, object or base tree. Returns the new tree's SHA. */
export async function createTree(
  repository: Repository,
  base: string | undefined,
  entries: readonly NewTreeEntry[],
): Promise<string> {
  await assertNotEmpty(repository);
  const { git } = repository;
  const baseType = base === undefined ? undefined : await git.type(base);
  if (base !== undefined && baseType !== "tree" && baseType !== "commit")
    throw unprocessable("base_tree is not a valid tree oid");
  const paths = new Set(base && ((await git.tree(base, { recursive: true })) ?? []).map(({ path }) => path));
  const changes = await Promise.all(entries.map((entry) => changeOf(repository, entry)));
  for (const { path, sha } of changes) {
    if (sha === null && !paths.has(path)) throw unprocessable("GitRPC::BadObjectState");
  }
  return git.writeTree(base, changes);
}

/** @throws ApiError 422 for a missing tree or parent. */
export async function createCommit(
  world: World,
  repository: Repository,
  request: NewCommitRequest,
  caller: Caller,
): Promise<Commit> {
  await assertNotEmpty(repository);
  const { git } = repository;
  const treeType = await git.type(request.tree);
  if (treeType === undefined) throw unprocessable("Tree SHA does not exist");
  if (treeType !== "tree") throw unprocessable("Tree SHA is not a tree object");
  const parents = await Promise.all(request.parents.map((sha) => git.type(sha)));
  if (parents.some((type) => type !== "commit"))
    throw unprocessable("Parent SHA does not exist or is not a commit object");
  const author = resolveGitIdentity(request.author, gitIdentityOf(world, caller.actor));
  const sha = await git.writeCommit({
    tree: request.tree,
    parents: request.parents,
    author,
    committer: resolveGitIdentity(request.committer, author),
    message: request.message,
    ...(request.signature && { signature: request.signature }),
  });
  return commitBySha(repository, sha);
}

/** Writes the tag object; it becomes visible as a tag only with a ref. @throws ApiError 422. */
export async function createTag(
  world: World,
  repository: Repository,
  request: NewTagRequest,
  caller: Caller,
): Promise<string> {
  await assertNotEmpty(repository);
  const { git } = repository;
  if (!isRefName(`refs/tags/${request.tag}`)) throw unprocessable(`${request.tag} is not a valid tag name.`);
  const type = await git.type(request.object);
  if (type === undefined) throw unprocessable("Object does not exist");
  const tagger = resolveGitIdentity(request.tagger, gitIdentityOf(world, caller.actor));
  return git.writeTag({ tag: request.tag, object: request.object, type, message: request.message, tagger });
}

/** @throws ApiError 404 when there is no such commit. */
export async function commitBySha({ git }: Repository, sha: string): Promise<Commit> {
  const commit = await git.commit(sha);
  if (!commit) throw notFound();
  return commit;
}

async function changeOf({ git }: Repository, entry: NewTreeEntry): Promise<TreeChange> {
  const { path = "", mode = "100644", sha, content } = entry;
  if (path.startsWith("/")) throw unprocessable("tree.path cannot start with a slash");
  if (treePathError(path)) throw unprocessable("tree.path contains a malformed path component");
  const type = mode === "040000" ? "tree" : mode === "160000" ? "commit" : "blob";
  if (content !== undefined) {
    if (typeof sha === "string") throw unprocessable("Only one of tree.sha and tree.content may be given");
    return { path, mode, type: "blob", sha: await git.writeBlob(Buffer.from(content)) };
  }
  if (sha === undefined) throw unprocessable("Must supply either tree.sha or tree.content");
  if (sha === null) return { path, mode, type, sha };
  // A submodule's commit is in another repository.
  if (type !== "commit" && (await git.type(sha)) !== type)
    throw unprocessable(`tree.sha ${sha} is not a valid ${type}`);
  return { path, mode, type, sha };
}
