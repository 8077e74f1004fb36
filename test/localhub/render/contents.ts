/** Files and folders as the contents API carries them. */
import type { components } from "@octokit/openapi-types";
import type { Commit, TreeEntry } from "../git/git-repository.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderGitCommit } from "./commit.ts";
import { fileUrl } from "./download-url.ts";
import { objectApi, wrappedBase64 } from "./git-objects.ts";
import { escapedPath, repositoryApiUrl, repositoryPageUrl } from "./urls.ts";

type Schemas = components["schemas"];

/** Where an entry was found: `ref` is the branch, tag or SHA that the client named. */
export interface ContentsLocation {
  readonly world: World;
  readonly repository: Repository;
  readonly ref: string;
}

/** `name`, addresses and links: what all kinds of entries have. */
function renderEntry({ world, repository, ref }: ContentsLocation, entry: TreeEntry) {
  const path = escapedPath(entry.path);
  const isFile = entry.type === "blob";
  const git = entry.type === "commit" ? null : objectApi(world, repository, entry.type, entry.sha);
  const self = `${repositoryApiUrl(world, repository, `contents/${path}`)}?ref=${encodeURIComponent(ref)}`;
  const kind = isFile ? "blob" : "tree";
  const html =
    entry.type === "commit" ? null : repositoryPageUrl(world, repository, `${kind}/${escapedPath(ref)}/${path}`);
  return {
    name: entry.path.split("/").at(-1) ?? "",
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url: self,
    html_url: html,
    git_url: git,
    download_url: isFile ? fileUrl(world, repository, `${repository.fullName}/raw/${escapedPath(ref)}/${path}`) : null,
    _links: { self, git, html },
  };
}

export const renderFile = (place: ContentsLocation, entry: TreeEntry, content: Buffer): Schemas["content-file"] => ({
  type: "file",
  ...renderEntry(place, entry),
  content: wrappedBase64(content),
  encoding: "base64",
});

/** GitHub docs, "Get repository content": a file over 1 MB comes without its content. */
export const renderLargeFile = (place: ContentsLocation, entry: TreeEntry): Schemas["content-file"] => ({
  type: "file",
  ...renderEntry(place, entry),
  content: "",
  encoding: "none",
});

export const renderSymlink = (
  place: ContentsLocation,
  entry: TreeEntry,
  target: string,
): Schemas["content-symlink"] => ({
  type: "symlink",
  ...renderEntry(place, entry),
  target,
});

export const renderSubmodule = (
  place: ContentsLocation,
  entry: TreeEntry,
  gitUrl: string,
): Schemas["content-submodule"] => ({
  type: "submodule",
  ...renderEntry(place, entry),
  submodule_git_url: gitUrl,
});

/** What a folder's list says of an entry. */
export const renderFolderEntry = (place: ContentsLocation, entry: TreeEntry) =>
  ({ type: listedType(entry), ...renderEntry(place, entry) }) satisfies Schemas["content-directory"][number];

/** A folder as one object, for clients that ask for `application/vnd.github.object`. */
export const renderFolder = (
  place: ContentsLocation,
  folder: TreeEntry,
  entries: readonly TreeEntry[],
): Schemas["content-tree"] => ({
  type: "dir",
  ...renderEntry(place, folder),
  entries: entries.map((entry) => renderFolderEntry(place, entry)),
});

/** A commit of one file. @param entry The file as it is now; `undefined` when it was deleted. */
export function renderFileCommit(place: ContentsLocation, entry: TreeEntry | undefined, commit: Commit) {
  return {
    content: entry ? { type: "file", ...renderEntry(place, entry) } : null,
    commit: renderGitCommit(place.world, place.repository, commit),
  };
}

/** GitHub docs, "Get repository content": lists call submodules files, for the sake of old clients. */
function listedType(entry: TreeEntry): "dir" | "file" | "symlink" {
  if (entry.mode === "120000") return "symlink";
  return entry.type === "tree" ? "dir" : "file";
}
