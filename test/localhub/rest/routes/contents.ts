/** Files and folders by path, and commits of single files. */
import type { TreeEntry } from "../../git/git.ts";
import { linkedFile, readmeOf, submoduleUrl } from "../../operations/git/file-lookup.ts";
import { changeFile, type FileChangeRequest } from "../../operations/refs/contents.ts";
import { commitOf, decodeBase64 } from "../../operations/refs/git-objects.ts";
import {
  type Place,
  renderFile,
  renderFileCommit,
  renderFolder,
  renderLargeFile,
  renderListed,
  renderSubmodule,
  renderSymlink,
} from "../../render/contents.ts";
import { notFound, Refusal } from "../../world/refusal.ts";
import { accepts } from "../requests/media-type.ts";
import { type Call, created, ok, type Reply, type Route, route } from "../route.ts";

/** GitHub docs, "Get repository content": with content up to 1 MB, at all up to 100 MB; folders up to 1,000 files. */
export const LARGEST_INLINE = 1024 * 1024;
export const LARGEST_FILE = 100 * 1024 * 1024;
export const MOST_ENTRIES = 1_000;

interface FileBody extends Pick<FileChangeRequest, "message" | "branch" | "sha" | "author" | "committer"> {
  readonly content?: string;
}

export const contentRoutes: readonly Route[] = [
  route("repos/get-content", async (call) => {
    const revision = await revisionOf(call);
    const path = (call.path["path"] ?? "").replace(/^\/+|\/+$/g, "");
    const entry = await call.repository.git.entryAt(revision, path);
    if (!entry) throw notFound();
    return show(call, revision, entry);
  }),

  route("repos/get-readme", async (call) => {
    const revision = await revisionOf(call);
    const entry = await readmeOf(call.repository, revision);
    if (!entry) throw notFound();
    return showFile(call, entry, entry);
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
  if (query["ref"] === undefined) throw new Refusal(404, "This repository is empty.");
  throw new Refusal(404, `No commit found for the ref ${query["ref"]}`);
}

const placeOf = ({ world, repository, query }: Call): Place => ({
  world,
  repository,
  ref: query["ref"] ?? repository.defaultBranch,
});

async function show(call: Call, revision: string, entry: TreeEntry): Promise<Reply> {
  const { repository } = call;
  if (entry.type === "tree") return showFolder(call, entry);
  if (entry.type === "commit") {
    const url = await submoduleUrl(repository, revision, entry.path);
    return ok(renderSubmodule(placeOf(call), entry, url ?? ""));
  }
  if (entry.mode !== "120000") return showFile(call, entry, entry);
  const file = await linkedFile(repository, revision, entry);
  if (file) return showFile(call, entry, file);
  const target = (await repository.git.blob(entry.sha))?.toString() ?? "";
  return ok(renderSymlink(placeOf(call), entry, target));
}

async function showFolder(call: Call, folder: TreeEntry): Promise<Reply> {
  const place = placeOf(call);
  const found = (await call.repository.git.tree(folder.sha)) ?? [];
  const entries = found
    .slice(0, MOST_ENTRIES)
    .map((entry) => ({ ...entry, path: folder.path === "" ? entry.path : `${folder.path}/${entry.path}` }));
  if (accepts(call, "object")) return ok(renderFolder(place, folder, entries));
  return ok(entries.map((entry) => renderListed(place, entry)));
}

/** @param file What holds the content: `entry` itself, or what it links to. */
async function showFile(call: Call, entry: TreeEntry, file: TreeEntry): Promise<Reply> {
  if (accepts(call, "html"))
    throw new Refusal(415, "The local GitHub does not render files as HTML; ask for the raw or the object media type.");
  const size = file.size ?? 0;
  if (size > LARGEST_FILE) {
    const message = "The requested blob is too large to fetch via the API: it serves files up to 100 MB in size.";
    throw new Refusal(403, message, [{ resource: "Blob", field: "data", code: "too_large" }]);
  }
  const shown = { ...file, path: entry.path };
  if (size > LARGEST_INLINE && !accepts(call, "raw")) return ok(renderLargeFile(placeOf(call), shown));
  const content = await call.repository.git.blob(file.sha);
  if (content === undefined) throw notFound();
  if (accepts(call, "raw")) {
    return { kind: "bytes", status: 200, type: "application/vnd.github.raw; charset=utf-8", body: content };
  }
  return ok(renderFile(placeOf(call), shown, content));
}

async function change(call: Call, body: FileBody, content: Uint8Array | undefined): Promise<Reply> {
  const { world, repository, signedIn } = call;
  const request = { ...body, path: call.path["path"] ?? "", content };
  const changed = await changeFile(world, repository, request, signedIn);
  const place = { world, repository, ref: body.branch ?? repository.defaultBranch };
  const commit = await commitOf(repository, changed.commit);
  const reply = renderFileCommit(place, changed.entry, commit);
  return changed.isNew ? created(reply) : ok(reply);
}
