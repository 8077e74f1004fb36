/** Refs, tags, trees and blobs in the git database API. */
import type { components } from "@octokit/openapi-types";
import type { AnnotatedTag, Ref, TreeEntry } from "../git/git-repository.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderPerson, renderVerification } from "./commit.ts";
import { nodeId } from "./node-id.ts";
import { escapedPath, repositoryApiUrl } from "./urls.ts";

type Schemas = components["schemas"];

/** The API URL of an object in the git database. */
export const objectApi = (world: World, repository: Repository, type: Ref["type"], sha: string): string =>
  repositoryApiUrl(world, repository, `git/${type}s/${sha}`);

export function renderRef(world: World, repository: Repository, ref: Ref): Schemas["git-ref"] {
  return {
    ref: ref.name,
    node_id: nodeId("ref", ref.name, repository.id),
    url: repositoryApiUrl(world, repository, `git/${escapedPath(ref.name)}`),
    object: { sha: ref.sha, type: ref.type, url: objectApi(world, repository, ref.type, ref.sha) },
  };
}

export function renderGitTag(world: World, repository: Repository, tag: AnnotatedTag): Schemas["git-tag"] {
  return {
    node_id: nodeId("tag", tag.sha, repository.id),
    sha: tag.sha,
    url: objectApi(world, repository, "tag", tag.sha),
    tagger: renderPerson(tag.tagger),
    object: { sha: tag.object, type: tag.type, url: objectApi(world, repository, tag.type, tag.object) },
    tag: tag.tag,
    message: tag.message,
    verification: renderVerification(undefined),
  };
}

/** @param truncated There are more entries than those in `entries`. */
export function renderTree(
  world: World,
  repository: Repository,
  sha: string,
  entries: readonly TreeEntry[],
  truncated: boolean,
): Schemas["git-tree"] {
  return {
    sha,
    url: objectApi(world, repository, "tree", sha),
    tree: entries.map((entry) => ({
      path: entry.path,
      mode: entry.mode,
      type: entry.type,
      sha: entry.sha,
      ...(entry.size !== undefined && { size: entry.size }),
      // A submodule's commit is not in this repository.
      ...(entry.type !== "commit" && { url: objectApi(world, repository, entry.type, entry.sha) }),
    })),
    truncated,
  };
}

export function renderBlob(world: World, repository: Repository, sha: string, content: Buffer): Schemas["blob"] {
  return {
    sha,
    node_id: nodeId("blob", sha, repository.id),
    size: content.length,
    url: objectApi(world, repository, "blob", sha),
    content: wrappedBase64(content),
    encoding: "base64",
  };
}

export const renderShortBlob = (world: World, repository: Repository, sha: string): Schemas["short-blob"] => ({
  sha,
  url: objectApi(world, repository, "blob", sha),
});

/** Base64 as GitHub sends it: a line break after every 60 characters and at the end. */
export const wrappedBase64 = (content: Uint8Array): string =>
  Buffer.from(content)
    .toString("base64")
    .replaceAll(/.{1,60}/g, "$&\n");
