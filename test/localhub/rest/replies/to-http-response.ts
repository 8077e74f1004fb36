/** Turns a route's reply into status, headers and bytes, validated against GitHub's description. */
import { createHash } from "node:crypto";
import type { DescribedOperation } from "../../openapi/description.ts";
import { replyViolations } from "../../openapi/validators.ts";
import { EMPTY_BODY, type HttpResponse, jsonResponse } from "../http/http-messages.ts";
import type { Reply } from "../route.ts";
import { paginateReply } from "./pagination.ts";

/** GitHub returns error statuses from every operation; the description lists only some of them. */
const isError = (status: number): boolean => status >= 400;

/** A reply that GitHub's description does not allow: a bug of the local GitHub. */
export class NonconformingReplyError extends Error {}

/**
 * `url` is the request's own. @throws NonconformingReplyError with operation, place and rule when the reply breaks the
 * description.
 */
export function toHttpResponse(reply: Reply, operation: DescribedOperation, url: URL): HttpResponse {
  switch (reply.kind) {
    case "json":
      return toValidatedJson(operation, reply.status, reply.body, reply.headers);
    case "list": {
      const page = paginateReply(reply, operation, url);
      return toValidatedJson(operation, 200, page.body, page.link === undefined ? {} : { link: page.link });
    }
    case "bytes":
      checkStatus(operation, reply.status);
      return {
        status: reply.status,
        headers: { "content-type": reply.type, etag: etagOf(reply.body), ...reply.headers },
        body: Buffer.from(reply.body),
      };
    case "empty":
      checkStatus(operation, reply.status);
      return { status: reply.status, headers: {}, body: EMPTY_BODY };
    case "redirect":
      checkStatus(operation, 302);
      return { status: 302, headers: { location: reply.location }, body: EMPTY_BODY };
  }
}

/** @throws NonconformingReplyError when the value does not fit the description for that status. */
export function toValidatedJson(
  operation: DescribedOperation,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  const response = jsonResponse(status, body, headers);
  checkStatus(operation, status);
  // Validates what is sent, not the value in memory: JSON turns dates into text and omits undefined properties.
  const sent: unknown = JSON.parse(response.body.toString());
  const violations = replyViolations(operation, status, sent);
  if (violations.length > 0) {
    const places = violations.slice(0, 8).map(({ instancePath, message, data }) => {
      const value = JSON.stringify(data) ?? "undefined";
      return `${instancePath || "/"} ${message} (is ${value.length > 80 ? `${value.slice(0, 80)}…` : value})`;
    });
    throw new NonconformingReplyError(
      `the ${status} reply of ${operation.id} breaks GitHub's description: ${places.join("; ")}`,
    );
  }
  if (isError(status)) return response;
  return { ...response, headers: { etag: etagOf(response.body), ...headersFrom(sent, status), ...response.headers } };
}

/** The time of the last change of a single object, and the URL of a new one. */
function headersFrom(sent: unknown, status: number): Record<string, string> {
  if (typeof sent !== "object" || sent === null) return {};
  const { updated_at: updated, url } = sent as Readonly<Record<string, unknown>>;
  return {
    ...(status === 200 && typeof updated === "string" && { "last-modified": new Date(updated).toUTCString() }),
    ...(status === 201 && typeof url === "string" && { location: url }),
  };
}

function checkStatus(operation: DescribedOperation, status: number): void {
  if (isError(status) || operation.responses[String(status)]) return;
  const described = Object.keys(operation.responses).join(", ");
  throw new NonconformingReplyError(
    `${operation.id} returned ${status}, which GitHub's description does not have (it has ${described})`,
  );
}

function etagOf(body: Uint8Array): string {
  return `W/"${createHash("sha256").update(body).digest("hex")}"`;
}
