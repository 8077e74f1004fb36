/** When a request that failed is sent again. */
import { createRateLimitedRequest, type Waiting } from "./rate-limit.ts";
import type { GitHubRequest } from "./request.ts";
import type { Downloaded, GitHubResponse, NoResponse, Opened } from "./response.ts";

/** Whether the request failed on the way or inside GitHub, so that its effect is unknown. */
export const isRetryable = (result: GitHubResponse | NoResponse | Downloaded | Opened): boolean =>
  result.kind === "no-response" || (result.kind === "response" && (result.status === 408 || result.status >= 500));

/**
 * Whether a request has the same effect when it is sent twice: it reads, it sets a complete state, it writes an object
 * that git names by its bytes, or it asks for an end that is asked for already.
 */
export const isRepeatable = (request: Pick<GitHubRequest, "method" | "url">): boolean =>
  (request.method !== "POST" && !isTimeBound(request)) ||
  /\/(?:git\/(?:blobs|trees|commits|tags)|actions\/runs\/\d+\/(?:force-)?cancel)$/.test(request.url.pathname);

/**
 * Whether a write is right only just after what it is based on was read. Several runs write one comment: an update that has
 * waited would put an older text over a newer one, after the newer run's last look.
 */
export const isTimeBound = ({ method, url }: Pick<GitHubRequest, "method" | "url">): boolean =>
  method === "PATCH" && /\/issues\/comments\/\d+$/.test(url.pathname);

const MAX_TRIES = 5;

/** Full jitter: anything up to 0.5, 1, 2, 4 s, so that many jobs do not retry at the same time. */
const getBackoffDelay = (tries: number, random: () => number): number => random() * 500 * 2 ** (tries - 1);

/**
 * Sends until the result is clear or the tries are used up, and returns the last result. Only for a request that has the
 * same effect when it is sent twice. Waits for rate limits are not tries.
 *
 * @param maxMs after this time, waits for rate limits not included, there is no further try
 * @throws GitHubError `rate-limited`
 */
export async function retry<Result extends GitHubResponse | NoResponse | Downloaded | Opened>(
  route: string,
  sendOnce: () => Promise<Result>,
  waiting: Waiting,
  maxMs: number,
): Promise<Result> {
  const { time, signal } = waiting;
  const limited = createRateLimitedRequest(route, waiting);
  const start = time.now();
  for (let tries = 1; ; tries += 1) {
    const result = await limited.send(sendOnce);
    const isLastTry = tries >= MAX_TRIES || time.now() - start - limited.waitedMs() > maxMs;
    if (isLastTry || !isRetryable(result)) return result;
    await time.sleep(getBackoffDelay(tries, time.random), signal);
  }
}
