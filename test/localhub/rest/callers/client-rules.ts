/** What GitHub requires of every client before it handles the request itself. */

import type { Profile } from "../../world/profile.ts";
import { RestApiError } from "../http/errors.ts";
import { EMPTY_BODY, type HttpResponse, type RequestHeaders } from "../http/http-messages.ts";

/** GitHub docs, "Getting started with the REST API": requests without a User-Agent are rejected, without JSON. */
export function rejectMissingUserAgent(headers: RequestHeaders): HttpResponse | undefined {
  if (headers["user-agent"]) return undefined;
  const text =
    "\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header " +
    "(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). " +
    "Check https://developer.github.com for other possible causes.\r\n";
  return { status: 403, headers: { "content-type": "text/html" }, body: Buffer.from(text) };
}

/**
 * The API version the request is served with: the requested one, or the default.
 * @throws RestApiError 400 for an unsupported one (message: expipiplus1/update-nix-fetchgit#79).
 */
export function apiVersionOf(profile: Profile, headers: RequestHeaders): string {
  const [defaultVersion = ""] = profile.apiVersions;
  const requested = headers["x-github-api-version"];
  if (requested === undefined || profile.apiVersions.includes(requested)) return requested ?? defaultVersion;
  const supported = profile.apiVersions
    .toSorted()
    .reverse()
    .map((version, index) => `"${version}"${index === 0 ? " (most recent)" : ""}`);
  throw new RestApiError(
    400,
    `The version you specified in the "X-GitHub-API-Version" request header, "${requested}", is not a supported version. The following versions are currently supported: ${supported.join(", ")}.`,
    { documentation: "https://docs.github.com/rest" },
  );
}

/** @throws RestApiError 415 when the client accepts nothing GitHub can send. */
export function checkAccept(headers: RequestHeaders): void {
  const accept = headers["accept"];
  if (accept === undefined || accept === "") return;
  const types = accept.split(",").map((type) => type.split(";")[0]?.trim() ?? "");
  if (types.some((type) => /^(\*\/\*|application\/(\*|json|octet-stream|vnd\.github.*|.*\+json))$/.test(type))) return;
  throw new RestApiError(415, `Unsupported 'Accept' header: '${accept}'. Must accept 'application/json'.`);
}

/** GitHub responds to a GET with 304 when the client already has the current version. */
export function applyConditionalRequest(response: HttpResponse, method: string, headers: RequestHeaders): HttpResponse {
  if (response.status !== 200 || (method !== "GET" && method !== "HEAD")) return response;
  const { etag, "last-modified": modified } = response.headers;
  const etags = headers["if-none-match"]?.split(",").map((tag) => tag.trim());
  const since = headers["if-modified-since"];
  const unchanged = etags
    ? etag !== undefined && etags.some((tag) => tag === "*" || weak(tag) === weak(etag))
    : since !== undefined && modified !== undefined && Date.parse(modified) <= Date.parse(since);
  if (!unchanged) return response;
  const { "content-type": _, ...headersToSend } = response.headers;
  return { status: 304, headers: headersToSend, body: EMPTY_BODY };
}

const weak = (tag: string): string => tag.replace(/^W\//, "");
