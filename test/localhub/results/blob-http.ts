/**
 * The blob store over HTTP, as far as Azure's client library needs it: `Put Blob`, `Put Block`, `Put Block List`,
 * `Get Blob` with ranges, `Get Blob Properties`. https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api
 */
import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { byteRange } from "../operations/runs/byte-range.ts";
import type { BlobStore, StoredBlob } from "./blob-store.ts";
import type { SignedUrls } from "./signed-url.ts";

export type BlobHandler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

export function createBlobHandler(store: BlobStore, urls: SignedUrls): BlobHandler {
  return async (request, response, url) => {
    const grant = urls.verify(url);
    if (grant === undefined)
      return sendBlobError(request, response, 403, "AuthenticationFailed", "The signature is wrong or has expired.");
    if (request.method === "PUT") {
      if (grant.access !== "w" || !store.isOpen(grant.blob))
        return sendBlobError(
          request,
          response,
          403,
          "AuthorizationPermissionMismatch",
          "This blob can no longer be written.",
        );
      return put(store, grant.blob, request, response, url);
    }
    if (request.method !== "GET" && request.method !== "HEAD")
      return sendBlobError(
        request,
        response,
        405,
        "UnsupportedHttpVerb",
        `${request.method} is not supported for blobs.`,
      );
    const blob = store.find(grant.blob);
    if (blob === undefined)
      return sendBlobError(request, response, 404, "BlobNotFound", "The specified blob does not exist.");
    return get(blob, grant.fileName, request, response);
  };
}

async function put(
  store: BlobStore,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const contentType = header(request, "x-ms-blob-content-type") ?? header(request, "content-type") ?? DEFAULT_TYPE;
  switch (url.searchParams.get("comp")) {
    case "block": {
      const block = url.searchParams.get("blockid");
      if (block === null)
        return sendBlobError(
          request,
          response,
          400,
          "MissingRequiredQueryParameter",
          "The parameter blockid is required.",
        );
      await store.putBlock(id, block, request);
      return created(response);
    }
    case "blocklist": {
      const blocks = [...(await text(request)).matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]+)</g)];
      try {
        return created(
          response,
          await store.putBlockList(
            id,
            blocks.map(([, block = ""]) => block),
            contentType,
          ),
        );
      } catch (error) {
        return sendBlobError(request, response, 400, "InvalidBlockList", error instanceof Error ? error.message : "");
      }
    }
    case null:
      return created(response, await store.put(id, request, contentType));
    default:
      return sendBlobError(
        request,
        response,
        400,
        "InvalidQueryParameterValue",
        `The query ${url.search} is not supported.`,
      );
  }
}

const DEFAULT_TYPE = "application/octet-stream";

async function get(
  blob: StoredBlob,
  fileName: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const range = byteRange(header(request, "x-ms-range") ?? header(request, "range"), blob.size);
  if (range === "unsatisfiable")
    return sendBlobError(request, response, 416, "InvalidRange", "The range is outside of the blob.");
  const { start, end } = range ?? { start: 0, end: blob.size - 1 };
  response.writeHead(range === undefined ? 200 : 206, {
    ...validators(blob),
    "accept-ranges": "bytes",
    "content-type": blob.contentType,
    "content-length": end - start + 1,
    "x-ms-blob-type": "BlockBlob",
    ...(range && { "content-range": `bytes ${start}-${end}/${blob.size}` }),
    ...(fileName !== undefined && {
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    }),
  });
  if (request.method === "HEAD" || blob.size === 0) return void response.end();
  await pipeline(createReadStream(blob.file, { start, end }), response);
}

function created(response: ServerResponse, blob?: StoredBlob): void {
  response.writeHead(201, { ...(blob && validators(blob)), "x-ms-request-server-encrypted": "true" }).end();
}

const validators = (blob: StoredBlob) => ({
  etag: `"${blob.digest.slice(-16)}"`,
  "last-modified": blob.modifiedAt.toUTCString(),
});

/** Azure's error format. The request's body is read to its end, so that the client gets the response, not a reset. */
function sendBlobError(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
): void {
  request.resume();
  response
    .writeHead(status, { "content-type": "application/xml", "x-ms-error-code": code })
    .end(`<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}
