/**
 * Files with URLs outside of the API: raw files, archives of a commit's files, release assets. Mount it on the port of
 * the REST API server.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { fileUrl, isSignedUrl } from "../../render/download-url.ts";
import { escapedPath } from "../../render/urls.ts";
import { ApiError } from "../../world/api-error.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { authenticate } from "../callers/authenticate.ts";
import { visibleRepository } from "../callers/visibility.ts";
import type { Mount } from "../serving/server.ts";

type Format = "tar.gz" | "zip";

interface Download {
  readonly type: string;
  readonly body: Uint8Array;
  /** The name to save it under; shown inline when absent. */
  readonly name?: string;
}

/** The URL of the archive of a commit's files; GitHub serves it from another host, `codeload`. */
export const archiveUrl = (world: World, repository: Repository, format: Format, sha: string): string =>
  fileUrl(world, repository, `_codeload/${repository.fullName}/legacy.${format}/${sha}`);

const ARCHIVE = /^\/_codeload\/([^/]+)\/([^/]+)\/legacy\.(tar\.gz|zip)\/(.+)$/;
const RAW = /^\/([^/]+)\/([^/]+)\/raw\/(.+)$/;
const ASSET = /^\/([^/]+)\/([^/]+)\/releases\/download\/(.+)\/([^/]+)$/;

export function serveFiles(world: World): Mount {
  return async (request, response, url) => {
    const readers = [
      [ARCHIVE, archiveOf],
      [RAW, rawFile],
      [ASSET, assetOf],
    ] as const;
    for (const [pattern, read] of readers) {
      const [, owner, name, ...rest] = pattern.exec(url.pathname)?.map(decoded) ?? [];
      if (owner === undefined || name === undefined) continue;
      await serveDownload(world, request, response, url, { owner, name }, (repository) => read(repository, rest));
      return true;
    }
    return false;
  };
}

async function serveDownload(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { owner, name }: { readonly owner: string; readonly name: string },
  read: (repository: Repository) => Promise<Download | undefined>,
): Promise<void> {
  let download: Download | undefined;
  try {
    const signed = isSignedUrl(world, url) ? world.repositories.get(`${owner}/${name}`.toLowerCase()) : undefined;
    download = await read(signed ?? visibleRepository(world, callerOf(world, request), owner, name));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  if (!download) {
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("404: Not Found");
    return;
  }
  response.writeHead(200, {
    "content-type": download.type,
    "content-length": String(download.body.length),
    ...(download.name && { "content-disposition": `attachment; filename=${download.name}` }),
  });
  response.end(request.method === "HEAD" ? undefined : download.body);
}

const callerOf = (world: World, request: IncomingMessage) =>
  authenticate(world, { authorization: request.headers.authorization });

/** GitHub's name for the top folder: `owner-repository-` and seven digits of the commit. */
async function archiveOf(
  { git, owner, name }: Repository,
  [format, revision]: readonly string[],
): Promise<Download | undefined> {
  const sha = await git.resolve(revision ?? "");
  if (sha === undefined) return undefined;
  const folder = `${owner.login}-${name}-${sha.slice(0, 7)}`;
  const isZip = format === "zip";
  const body = await git.archive(sha, isZip ? "zip" : "tar.gz", `${folder}/`);
  return {
    type: isZip ? "application/zip" : "application/x-gzip",
    body,
    name: `${folder}.${isZip ? "zip" : "tar.gz"}`,
  };
}

/** A ref may contain slashes: the shortest prefix that is a ref with the file is used. */
async function rawFile({ git }: Repository, [path = ""]: readonly string[]): Promise<Download | undefined> {
  const parts = path.split("/");
  for (let length = 1; length < parts.length; length++) {
    const body = await git.read(parts.slice(0, length).join("/"), parts.slice(length).join("/"));
    if (body) return { type: body.includes(0) ? "application/octet-stream" : "text/plain; charset=utf-8", body };
  }
  return undefined;
}

async function assetOf(repository: Repository, [tag, name]: readonly string[]): Promise<Download | undefined> {
  const release = [...repository.releases.values()].find((one) => one.tag === tag && !one.draft);
  const asset = [...(release?.assets.values() ?? [])].find((one) => one.name === name);
  if (!asset) return undefined;
  asset.downloads++;
  return { type: asset.contentType, body: asset.content, name: escapedPath(asset.name) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
