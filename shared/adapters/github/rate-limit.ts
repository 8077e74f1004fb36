/** How long a rate limit is waited for. */
import { GitHubError } from "./github.ts";
import { type Downloaded, type GitHubResponse, getResponseMessage, type NoResponse, type Opened } from "./response.ts";
import type { Time } from "./time.ts";

/** The rate limit rejected the request: it had no effect, and after `ms` it may be sent again. */
export interface RateLimitWait {
  readonly limit: "primary" | "secondary";
  readonly ms: number;
}

/** What a wait needs. */
export interface Waiting {
  readonly time: Time;
  readonly log: { info(text: string): void };
  readonly signal: AbortSignal;
}

/** One request, as the rate limits see it. */
export interface RateLimitedRequest {
  /** Sends until no rate limit rejects it. @throws GitHubError `rate-limited` when the waits would be too long */
  send<Result extends GitHubResponse | NoResponse | Downloaded | Opened>(
    sendOnce: () => Promise<Result>,
  ): Promise<Result>;
  /** All waits so far, in ms. */
  readonly waitedMs: () => number;
}

/** All waits of one request together: a job that waits longer costs more than a re-run. */
const MAX_RATE_LIMIT_WAIT_MS = 15 * 60_000;

/** @param route for the error */
export function createRateLimitedRequest(route: string, { time, log, signal }: Waiting): RateLimitedRequest {
  let hits = 0;
  let waitedMs = 0;
  return {
    waitedMs: () => waitedMs,
    async send(sendOnce) {
      for (;;) {
        const result = await sendOnce();
        const wait = result.kind === "response" ? getRateLimitWait(result, hits) : undefined;
        if (wait === undefined) return result;
        hits += 1;
        waitedMs += wait.ms;
        if (waitedMs > MAX_RATE_LIMIT_WAIT_MS) throw rateLimitError(route, wait.ms);
        log.info(`GitHub's ${wait.limit} rate limit is used up; retrying in ${Math.ceil(wait.ms / 1000)} s`);
        await time.sleep(wait.ms, signal);
      }
    },
  };
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
    const left = Number.isFinite(reset - now) ? reset - now : ONE_MINUTE;
    if (left > 0) return { limit: "primary", ms: left + ONE_SECOND };
    // The reset has passed, or there is none: asking every second would only prolong the limit.
    return { limit: "primary", ms: previousHits === 0 ? ONE_SECOND : ONE_MINUTE * 2 ** (previousHits - 1) };
  }
  const limited =
    status === 429 || /secondary rate|abuse detection|rate limit exceeded/i.test(getResponseMessage(response));
  return limited ? { limit: "secondary", ms: ONE_MINUTE * 2 ** previousHits } : undefined;
}

const ONE_SECOND = 1_000;
const ONE_MINUTE = 60_000;

function rateLimitError(route: string, ms: number): GitHubError {
  const minutes = Math.ceil(ms / 60_000);
  const when = minutes > 120 ? `${Math.ceil(minutes / 60)} hours` : `${minutes} minutes`;
  return new GitHubError({
    code: "rate-limited",
    message: `GitHub's rate limit is used up for ${route}`,
    fix: `Re-run the failed jobs in ${when}`,
  });
}
