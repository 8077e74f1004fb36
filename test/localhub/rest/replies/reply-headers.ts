/** The headers of every reply of GitHub's API. */
import { operationPermissions } from "../../openapi/permissions.ts";
import type { Caller } from "../../world/caller.ts";
import type { World } from "../../world/world.ts";
import type { RateLimitStatus } from "../callers/rate-limits.ts";
import type { RequestHeaders } from "../http/http-messages.ts";

export interface ReplyHeaderInput {
  readonly world: World;
  readonly requestId: string;
  readonly request: RequestHeaders;
  readonly apiVersion: string;
  readonly caller: Caller | undefined;
  readonly operation: string | undefined;
  readonly rate: RateLimitStatus | undefined;
}

export function buildReplyHeaders(input: ReplyHeaderInput): Record<string, string> {
  const { world, requestId, request, apiVersion, caller, operation, rate } = input;
  const requirement = operation === undefined ? undefined : operationPermissions.get(operation);
  return {
    date: world.clock.now().toUTCString(),
    server: "github.com",
    "x-github-request-id": requestId,
    "x-github-media-type": mediaType(request["accept"]),
    "x-github-api-version-selected": apiVersion,
    vary: "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With",
    "cache-control": caller ? "private, max-age=60, s-maxage=60" : "public, max-age=60, s-maxage=60",
    "x-content-type-options": "nosniff",
    ...(world.profile.enterpriseVersion && { "x-github-enterprise-version": world.profile.enterpriseVersion }),
    ...(caller?.token?.kind === "classic" && { "x-oauth-scopes": "repo, workflow", "x-accepted-oauth-scopes": "" }),
    ...(caller?.token?.permissions && requirement && { "x-accepted-github-permissions": requirement.header }),
    ...(rate && rateHeaders(rate)),
  };
}

function rateHeaders({ limit, used, remaining, resetsAt }: RateLimitStatus): Record<string, string> {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-used": String(used),
    "x-ratelimit-reset": String(Math.ceil(resetsAt.getTime() / 1000)),
    "x-ratelimit-resource": "core",
  };
}

/** `application/vnd.github.raw+json` is reported back as `github.v3; param=raw; format=json`. */
function mediaType(accept: string | undefined): string {
  const [, parameter, format] = /application\/vnd\.github(?:\.v3)?(?:\.([\w-]+))?(?:\+(\w+))?/.exec(accept ?? "") ?? [];
  return [
    "github.v3",
    ...(parameter ? [`param=${parameter}`] : []),
    ...(parameter && !format ? [] : ["format=json"]),
  ].join("; ");
}
