/**
 * Downloads that the REST API redirects to: artifacts and logs, at signed URLs that need no token and are valid
 * for one minute (GitHub docs, "Download an artifact", "Download job logs for a workflow run").
 */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { fileNameOf } from "../../operations/runs/artifacts.ts";
import { byteRange } from "../../operations/runs/byte-range.ts";
import { isSignedUrl, signedDownloadUrl } from "../../render/download-url.ts";
import { renderJobLog, renderRunLogs } from "../../render/logs.ts";
import { notFound } from "../../world/api-error.ts";
import type { ActionsState, Artifact, Job, Repository, RunAttempt, WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import type { Mount } from "../serving/server.ts";

const LIFETIME_MS = 60_000;

export const artifactUrl = (world: World, artifact: Artifact): string =>
  downloadUrl(world, artifact.run.repository, `artifacts/${artifact.id}`);

/** @throws ApiError 404 for a job that has not ended: GitHub has its log only then. */
export function jobLogUrl(world: World, job: Job): string {
  if (job.status !== "completed" || job.log.length === 0) throw notFound();
  return downloadUrl(world, job.run.repository, `jobs/${job.id}`);
}

/** @throws ApiError 404 for an attempt without any log yet. */
export function runLogsUrl(world: World, run: WorkflowRun, attempt: RunAttempt): string {
  if (attempt.jobs.every((job) => job.log.length === 0)) throw notFound();
  return downloadUrl(world, run.repository, `runs/${run.id}/${attempt.number}`);
}

const downloadUrl = (world: World, repository: Repository, what: string): string =>
  signedDownloadUrl(world, `_downloads/${repository.id}/${what}`, LIFETIME_MS);

const DOWNLOAD_PATH = /^\/_downloads\/(\d+)\/(artifacts|jobs|runs)\/(\d+)(?:\/(\d+))?$/;

/** Serves those URLs; mount it on the port of the REST API server. */
export function serveDownloads(world: World): Mount {
  return async (request, response, url) => {
    const [, repositoryId, kind, id, attempt] = DOWNLOAD_PATH.exec(url.pathname) ?? [];
    if (repositoryId === undefined) return false;
    if (!isSignedUrl(world, url)) {
      response.writeHead(403, { "content-type": "text/plain" }).end("This download URL is not valid or has expired.\n");
      return true;
    }
    const repository = [...world.repositories.values()].find((one) => one.id === Number(repositoryId));
    const download = repository && find(repository.actions, kind, Number(id), Number(attempt));
    if (download) await send(download, request, response);
    else response.writeHead(404, { "content-type": "text/plain" }).end("The file of this download URL was deleted.\n");
    return true;
  };
}

interface Download {
  readonly type: string;
  /** The name to save it under; shown inline when absent. */
  readonly name?: string;
  /** Bytes, or where they are on disk. */
  readonly content: Uint8Array | { readonly file: string };
}

function find(actions: ActionsState, kind: string | undefined, id: number, attempt: number): Download | undefined {
  switch (kind) {
    case "artifacts": {
      const artifact = actions.artifacts.get(id);
      return artifact && { type: artifact.mimeType, name: fileNameOf(artifact), content: artifact };
    }
    case "jobs": {
      const job = actions.jobs.get(id);
      return job && { type: "text/plain; charset=utf-8", content: Buffer.from(renderJobLog(job)) };
    }
    default: {
      const found = actions.runs.get(id)?.attempts.find(({ number }) => number === attempt);
      const content = found && renderRunLogs(found);
      return content && { type: "application/zip", name: `logs_${id}.zip`, content };
    }
  }
}

/** Azure's blob storage, to which GitHub redirects, gives a part to who asks for it by its first byte. */
async function send(
  { type, name, content }: Download,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const size = "file" in content ? (await stat(content.file)).size : content.length;
  const asked = byteRange(headers.range, size);
  if (asked === "unsatisfiable") {
    response.writeHead(416, { "content-range": `bytes */${size}` }).end();
    return;
  }
  const { start, end } = asked ?? { start: 0, end: size - 1 };
  response.writeHead(asked === undefined ? 200 : 206, {
    "content-type": type,
    "content-length": end + 1 - start,
    ...(asked !== undefined && { "content-range": `bytes ${start}-${end}/${size}` }),
    ...(name !== undefined && { "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name)}` }),
  });
  if (method === "HEAD" || size === 0) return void response.end();
  if ("file" in content) return pipeline(createReadStream(content.file, { start, end }), response);
  response.end(content.subarray(start, end + 1));
}
