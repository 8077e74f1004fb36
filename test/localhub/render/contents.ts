/** Files and folders in replies of the contents API. */
import type { components } from "@octokit/openapi-types";
import type { Commit, TreeEntry } from "../git/git-repository.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderGitCommit } from "./commit.ts";
import { fileUrl } from "./download-url.ts";
import { objectApi, wrappedBase64 } from "./git-objects.ts";
import { escapedPath, repositoryApiUrl, repositoryPageUrl } from "./urls.ts";

type Schemas = components["schemas"];

/** Where an entry was found: `ref` is the branch, tag or SHA from the request. */
export interface ContentsLocation {
  readonly world: World;
  readonly repository: Repository;
  readonly ref: string;
}

/** `name`, URLs and links: the fields of all kinds of entries. */
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

export const renderFile = (location: ContentsLocation, entry: TreeEntry, content: Buffer): Schemas["content-file"] => ({
  type: "file",
  ...renderEntry(location, entry),
  content: wrappedBase64(content),
  encoding: "base64",
});

/** GitHub docs, "Get repository content": a file over 1 MB comes without its content. */
export const renderLargeFile = (location: ContentsLocation, entry: TreeEntry): Schemas["content-file"] => ({
  type: "file",
  ...renderEntry(location, entry),
  content: "",
  encoding: "none",
});

export const renderSymlink = (
  location: ContentsLocation,
  entry: TreeEntry,
  target: string,
): Schemas["content-symlink"] => ({
  type: "symlink",
  ...renderEntry(location, entry),
  target,
});

export const renderSubmodule = (
  location: ContentsLocation,
  entry: TreeEntry,
  gitUrl: string,
): Schemas["content-submodule"] => ({
  type: "submodule",
  ...renderEntry(location, entry),
  submodule_git_url: gitUrl,
});

/** An entry in the list of a folder. */
export const renderFolderEntry = (location: ContentsLocation, entry: TreeEntry) =>
  ({ type: listedType(entry), ...renderEntry(location, entry) }) satisfies Schemas["content-directory"][number];

/** A folder as one object, for clients that request `application/vnd.github.object`. */
export const renderFolder = (
  location: ContentsLocation,
  folder: TreeEntry,
  entries: readonly TreeEntry[],
): Schemas["content-tree"] => ({
  type: "dir",
  ...renderEntry(location, folder),
  entries: entries.map((entry) => renderFolderEntry(location, entry)),
});

/** A commit of one file. @param entry The file after the commit; `undefined` when it was deleted. */
export function renderFileCommit(location: ContentsLocation, entry: TreeEntry | undefined, commit: Commit) {
  return {
    content: entry ? { type: "file", ...renderEntry(location, entry) } : null,
    commit: renderGitCommit(location.world, location.repository, commit),
  };
}

/** GitHub docs, "Get repository content": in lists the type of a submodule is `file`, for old clients. */
function listedType(entry: TreeEntry): "dir" | "file" | "symlink" {
  if (entry.mode === "120000") return "symlink";
  return entry.type === "tree" ? "dir" : "file";
}
