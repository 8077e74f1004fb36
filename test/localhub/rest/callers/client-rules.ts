/** What GitHub asks of every client before it looks at the request itself. */

import type { Profile } from "../../world/profile.ts";
import { RestApiError } from "../http/errors.ts";
import { EMPTY_BODY, type HttpResponse, type RequestHeaders } from "../http/http-messages.ts";

/** GitHub docs, "Getting started with the REST API": requests without a User-Agent are refused, not in JSON. */
export function rejectMissingUserAgent(headers: RequestHeaders): HttpResponse | undefined {
  if (headers["user-agent"]) return undefined;
  const text =
    "\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header " +
    "(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). " +
    "Check https://developer.github.com for other possible causes.\r\n";
  return { status: 403, headers: { "content-type": "text/html" }, body: Buffer.from(text) };
}

/**
 * The API version the request is served with: the one it asks for, or the default.
 * @throws RestRefusal 400 for one this GitHub does not have (words: expipiplus1/update-nix-fetchgit#79).
 */
export function apiVersionOf(profile: Profile, headers: RequestHeaders): string {
  const [otherwise = ""] = profile.apiVersions;
  const wanted = headers["x-github-api-version"];
  if (wanted === undefined || profile.apiVersions.includes(wanted)) return wanted ?? otherwise;
  const known = profile.apiVersions
    .toSorted()
    .reverse()
    .map((version, index) => `"${version}"${index === 0 ? " (most recent)" : ""}`);
  throw new RestApiError(
    400,
    `The version you specified in the "X-GitHub-API-Version" request header, "${wanted}", is not a supported version. The following versions are currently supported: ${known.join(", ")}.`,
    { documentation: "https://docs.github.com/rest" },
  );
}

/** @throws RestRefusal 415 when the client takes nothing GitHub can send. */
export function checkAccept(headers: RequestHeaders): void {
  const accept = headers["accept"];
  if (accept === undefined || accept === "") return;
  const types = accept.split(",").map((type) => type.split(";")[0]?.trim() ?? "");
  if (types.some((type) => /^(\*\/\*|application\/(\*|json|octet-stream|vnd\.github.*|.*\+json))$/.test(type))) return;
  throw new RestApiError(415, `Unsupported 'Accept' header: '${accept}'. Must accept 'application/json'.`);
}

/** GitHub answers a GET with 304 when the client already has what it would send. */
export function applyConditionalRequest(outcome: HttpResponse, method: string, headers: RequestHeaders): HttpResponse {
  if (outcome.status !== 200 || (method !== "GET" && method !== "HEAD")) return outcome;
  const { etag, "last-modified": modified } = outcome.headers;
  const known = headers["if-none-match"]?.split(",").map((tag) => tag.trim());
  const since = headers["if-modified-since"];
  const unchanged = known
    ? etag !== undefined && known.some((tag) => tag === "*" || weak(tag) === weak(etag))
    : since !== undefined && modified !== undefined && Date.parse(modified) <= Date.parse(since);
  if (!unchanged) return outcome;
  const { "content-type": _, ...kept } = outcome.headers;
  return { status: 304, headers: kept, body: EMPTY_BODY };
}

const weak = (tag: string): string => tag.replace(/^W\//, "");
