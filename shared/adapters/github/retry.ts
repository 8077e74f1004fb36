/** How long to wait after a response before the next try; no state, no clock. */
import type { GitHubResponse, NoResponse } from "./transport.ts";

/** The rate limit rejected the request: it had no effect, and after `ms` it may be sent again. */
export interface RateLimitWait {
  readonly limit: "primary" | "secondary";
  readonly ms: number;
}

/**
 * @param previousHits how often this request was rejected by a rate limit before
 * @returns `undefined` when the response is not about a rate limit
 * Source: GitHub docs, "Rate limits for the REST API", "Exceeding the rate limit".
 */
export function getRateLimitWait(response: GitHubResponse, previousHits: number): RateLimitWait | undefined {
  const { status, headers } = response;
  if (status !== 403 && status !== 429) return undefined;
  const retryAfter = headers.get("retry-after");
  if (retryAfter !== null && /^\d+$/.test(retryAfter)) {
    return { limit: "secondary", ms: Number(retryAfter) * 1000 + ONE_SECOND };
  }
  if (headers.get("x-ratelimit-remaining") === "0") {
    // Both timestamps are the server's, so that a runner with a wrong clock waits no longer than needed.
    const reset = Number(headers.get("x-ratelimit-reset")) * 1000;
    const now = Date.parse(headers.get("date") ?? "");
    const left = reset - now;
    return { limit: "primary", ms: Math.max(0, Number.isFinite(left) ? left : ONE_MINUTE) + ONE_SECOND };
  }
  const limited =
    status === 429 || /secondary rate|abuse detection|rate limit exceeded/i.test(getResponseMessage(response));
  return limited ? { limit: "secondary", ms: ONE_MINUTE * 2 ** previousHits } : undefined;
}

const ONE_SECOND = 1_000;
const ONE_MINUTE = 60_000;

/** Whether the request failed on the way or inside GitHub, so that its effect is unknown. */
export const isRetryable = (result: GitHubResponse | NoResponse): boolean =>
  result.kind === "no-response" || result.status === 408 || result.status >= 500;

export const MAX_TRIES = 5;

/** Full jitter: anything up to 0.5, 1, 2, 4 s, so that many jobs do not retry at the same time. */
export const getBackoffDelay = (tries: number, random: () => number): number => random() * 500 * 2 ** (tries - 1);

export function getResponseMessage({ data }: GitHubResponse): string {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return "";
  const { message } = data as { readonly message?: unknown };
  return typeof message === "string" ? message : "";
}
