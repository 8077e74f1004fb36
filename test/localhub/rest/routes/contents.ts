/** Files and folders by path, and commits of single files. */
import type { TreeEntry } from "../../git/git-repository.ts";
import { linkedFile, readmeOf, submoduleUrl } from "../../operations/git/file-lookup.ts";
import { changeFile, type FileChangeRequest } from "../../operations/refs/contents.ts";
import { commitBySha, decodeBase64 } from "../../operations/refs/git-objects.ts";
import {
  type ContentsLocation,
  renderFile,
  renderFileCommit,
  renderFolder,
  renderFolderEntry,
  renderLargeFile,
  renderSubmodule,
  renderSymlink,
} from "../../render/contents.ts";
import { ApiError, notFound } from "../../world/api-error.ts";
import { accepts } from "../requests/media-type.ts";
import { type Call, created, ok, type Reply, type Route, route } from "../route.ts";

/** GitHub docs, "Get repository content": with content up to 1 MB, without up to 100 MB; folders up to 1,000 files. */
export const MAX_INLINE_BYTES = 1024 * 1024;
export const MAX_FILE_BYTES = 100 * 1024 * 1024;
export const MAX_FOLDER_ENTRIES = 1_000;

interface FileBody extends Pick<FileChangeRequest, "message" | "branch" | "sha" | "author" | "committer"> {
  readonly content?: string;
}

export const contentRoutes: readonly Route[] = [
  route("repos/get-content", async (call) => {
    const revision = await revisionOf(call);
    const path = (call.path["path"] ?? "").replace(/^\/+|\/+$/g, "");
    const entry = await call.repository.git.entryAt(revision, path);
    if (!entry) throw notFound();
    return entryReply(call, revision, entry);
  }),

  route("repos/get-readme", async (call) => {
    const revision = await revisionOf(call);
    const entry = await readmeOf(call.repository, revision);
    if (!entry) throw notFound();
    return fileReply(call, entry, entry);
  }),

  route("repos/create-or-update-file-contents", async (call) => {
    const { content = "", ...request } = call.body as unknown as FileBody;
    return change(call, request, decodeBase64(content));
  }),

  route("repos/delete-file", (call) => change(call, call.body as unknown as FileBody, undefined)),
];

async function revisionOf({ repository, query }: Call): Promise<string> {
  const sha = await repository.git.resolve(query["ref"] ?? repository.defaultBranch);
  if (sha !== undefined) return sha;
  if (query["ref"] === undefined) throw new ApiError(404, "This repository is empty.");
  throw new ApiError(404, `No commit found for the ref ${query["ref"]}`);
}

const locationOf = ({ world, repository, query }: Call): ContentsLocation => ({
  world,
  repository,
  ref: query["ref"] ?? repository.defaultBranch,
});

async function entryReply(call: Call, revision: string, entry: TreeEntry): Promise<Reply> {
  const { repository } = call;
  if (entry.type === "tree") return folderReply(call, entry);
  if (entry.type === "commit") {
    const url = await submoduleUrl(repository, revision, entry.path);
    return ok(renderSubmodule(locationOf(call), entry, url ?? ""));
  }
  if (entry.mode !== "120000") return fileReply(call, entry, entry);
  const file = await linkedFile(repository, revision, entry);
  if (file) return fileReply(call, entry, file);
  const target = (await repository.git.blob(entry.sha))?.toString() ?? "";
  return ok(renderSymlink(locationOf(call), entry, target));
}

async function folderReply(call: Call, folder: TreeEntry): Promise<Reply> {
  const location = locationOf(call);
  const found = (await call.repository.git.tree(folder.sha)) ?? [];
  const entries = found
    .slice(0, MAX_FOLDER_ENTRIES)
    .map((entry) => ({ ...entry, path: folder.path === "" ? entry.path : `${folder.path}/${entry.path}` }));
  if (accepts(call, "object")) return ok(renderFolder(location, folder, entries));
  return ok(entries.map((entry) => renderFolderEntry(location, entry)));
}

/** @param file The file with the content: `entry` itself, or the target of the link. */
async function fileReply(call: Call, entry: TreeEntry, file: TreeEntry): Promise<Reply> {
  if (accepts(call, "html"))
    throw new ApiError(
      415,
      "The local GitHub does not render files as HTML; request the raw or the object media type.",
    );
  const size = file.size ?? 0;
  if (size > MAX_FILE_BYTES) {
    const message = "The requested blob is too large to fetch via the API: it serves files up to 100 MB in size.";
    throw new ApiError(403, message, [{ resource: "Blob", field: "data", code: "too_large" }]);
  }
  const shown = { ...file, path: entry.path };
  if (size > MAX_INLINE_BYTES && !accepts(call, "raw")) return ok(renderLargeFile(locationOf(call), shown));
  const content = await call.repository.git.blob(file.sha);
  if (content === undefined) throw notFound();
  if (accepts(call, "raw")) {
    return { kind: "bytes", status: 200, type: "application/vnd.github.raw; charset=utf-8", body: content };
  }
  return ok(renderFile(locationOf(call), shown, content));
}

async function change(call: Call, body: FileBody, content: Uint8Array | undefined): Promise<Reply> {
  const { world, repository, requiredCaller: caller } = call;
  const request = { ...body, path: call.path["path"] ?? "", content };
  const changed = await changeFile(world, repository, request, caller);
  const location = { world, repository, ref: body.branch ?? repository.defaultBranch };
  const commit = await commitBySha(repository, changed.commit);
  const reply = renderFileCommit(location, changed.entry, commit);
  return changed.isNew ? created(reply) : ok(reply);
}
