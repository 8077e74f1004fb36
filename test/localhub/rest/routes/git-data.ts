/** The git database: blobs, trees, commits, tags and refs. */
import {
  commitBySha,
  createBlob,
  createCommit,
  createTag,
  createTree,
  type NewCommitRequest,
  type NewTagRequest,
  type NewTreeEntry,
} from "../../operations/refs/git-objects.ts";
import { assertNotEmpty, createRef, deleteRef, updateRef } from "../../operations/refs/refs.ts";
import { renderGitCommit } from "../../render/commit.ts";
import { renderBlob, renderGitTag, renderRef, renderShortBlob, renderTree } from "../../render/git-objects.ts";
import { ApiError, notFound } from "../../world/api-error.ts";
import { accepts } from "../requests/media-type.ts";
import { type Call, created, list, noContent, ok, type Reply, type Route, route } from "../route.ts";

/** GitHub docs, "Get a blob": blobs up to 100 megabytes. */
export const MAX_BLOB_BYTES = 100 * 1024 * 1024;
/**
 * GitHub docs, "Get a tree": the limit of a recursive tree is 100,000 entries (and 7 MB, which is not counted here).
 */
export const MAX_TREE_ENTRIES = 100_000;

interface TreeBody {
  readonly base_tree?: string;
  readonly tree: readonly NewTreeEntry[];
}
type CommitBody = Omit<NewCommitRequest, "parents"> & Partial<Pick<NewCommitRequest, "parents">>;

export const gitDataRoutes: readonly Route[] = [
  route("git/create-blob", async ({ world, repository, body }) => {
    const { content, encoding = "utf-8" } = body as { readonly content: string; readonly encoding?: string };
    return created(renderShortBlob(world, repository, await createBlob(repository, content, encoding)));
  }),

  route("git/get-blob", getBlob),

  route("git/create-tree", async ({ world, repository, body }) => {
    const { base_tree: base, tree } = body as unknown as TreeBody;
    const sha = await createTree(repository, base, tree);
    return created(renderTree(world, repository, sha, (await repository.git.tree(sha)) ?? [], false));
  }),

  route("git/get-tree", getTree),

  route("git/create-commit", async ({ world, repository, body, requiredCaller: caller }) => {
    const { parents = [], ...request } = body as unknown as CommitBody;
    const commit = await createCommit(world, repository, { ...request, parents }, caller);
    return created(renderGitCommit(world, repository, commit));
  }),

  route("git/get-commit", async ({ world, repository, path }) =>
    ok(renderGitCommit(world, repository, await commitBySha(repository, path["commit_sha"] ?? ""))),
  ),

  route("git/create-tag", async (call) => {
    const sha = await createTag(
      call.world,
      call.repository,
      call.body as unknown as NewTagRequest,
      call.requiredCaller,
    );
    return created(await gitTag(call, sha));
  }),

  route("git/get-tag", async (call) => ok(await gitTag(call, call.path["tag_sha"] ?? ""))),

  route("git/list-matching-refs", async ({ world, repository, path }) => {
    await assertNotEmpty(repository);
    const refs = await repository.git.refs(`refs/${path["ref"] ?? ""}`);
    return list(refs, (ref) => renderRef(world, repository, ref));
  }),

  route("git/get-ref", async ({ world, repository, path }) => {
    await assertNotEmpty(repository);
    const ref = await repository.git.ref(fullName(path));
    if (!ref) throw notFound();
    return ok(renderRef(world, repository, ref));
  }),

  route("git/create-ref", async ({ world, repository, body, requiredCaller: caller }) => {
    const input = body as { readonly ref: string; readonly sha: string };
    return created(renderRef(world, repository, await createRef(world, repository, input, caller)));
  }),

  route("git/update-ref", async ({ world, repository, path, body, requiredCaller: caller }) => {
    const { sha, force = false } = body as { readonly sha: string; readonly force?: boolean };
    const moved = await updateRef(world, repository, { ref: fullName(path), sha, force }, caller);
    return ok(renderRef(world, repository, moved));
  }),

  route("git/delete-ref", async ({ world, repository, path, requiredCaller: caller }) => {
    await deleteRef(world, repository, { ref: fullName(path) }, caller);
    return noContent;
  }),
];

/** In these routes refs do not start with `refs/`. */
const fullName = (path: Call["path"]): string => `refs/${path["ref"]}`;

async function getBlob(call: Call): Promise<Reply> {
  const { world, repository, path } = call;
  const sha = path["file_sha"] ?? "";
  const content = await repository.git.blob(sha);
  if (content === undefined) throw notFound();
  if (content.length > MAX_BLOB_BYTES) {
    const message = "The requested blob is too large to fetch via the API: it serves blobs up to 100 MB in size.";
    throw new ApiError(403, message, [{ resource: "Blob", field: "data", code: "too_large" }]);
  }
  if (accepts(call, "raw")) {
    return { kind: "bytes", status: 200, type: "application/vnd.github.raw; charset=utf-8", body: content };
  }
  return ok(renderBlob(world, repository, sha, content));
}

/** Any value of `recursive`, even `0` or `false`, means all levels (GitHub docs, "Get a tree"). */
async function getTree({ world, repository, path, query }: Call): Promise<Reply> {
  await assertNotEmpty(repository);
  const { git } = repository;
  const name = path["tree_sha"] ?? "";
  const sha = (await git.type(name)) === "tree" ? name : (await git.entryAt(name, ""))?.sha;
  const entries = sha && (await git.tree(sha, { recursive: query["recursive"] !== undefined }));
  if (!sha || !entries) throw notFound();
  const shown = entries.slice(0, MAX_TREE_ENTRIES);
  return ok(renderTree(world, repository, sha, shown, shown.length < entries.length));
}

async function gitTag({ world, repository }: Call, sha: string) {
  const tag = await repository.git.tag(sha);
  if (!tag) throw notFound();
  return renderGitTag(world, repository, tag);
}
