/** One request, one answer. What cannot be read whole counts as no answer: nobody knows then what took effect. */

import type { GitHubRequest } from "./build-request.ts";
import type { Json } from "./github.ts";

export interface GitHubResponse {
  readonly kind: "response";
  readonly status: number;
  readonly headers: Headers;
  readonly data: Json;
}

/** No answer, or one that was cut off or is not what an API says. */
export interface NoResponse {
  readonly kind: "no-response";
  readonly reason: string;
}

export type Transport = (request: GitHubRequest, signal: AbortSignal) => Promise<GitHubResponse | NoResponse>;

/** GitHub answers within 10 s or gives up (docs, "Timeouts"); proxies on the way take their time too. */
const TIMEOUT = 30_000;
const MAX_REDIRECTS = 3;

export const API_HEADERS = {
  accept: "application/vnd.github+json",
  "user-agent": "mlops-actions",
  "x-github-api-version": "2022-11-28",
} as const;

/** @param token goes to the origin of `api` only */
export function createTransport(token: string, api: string): Transport {
  const home = new URL(api).origin;
  /** Answers by address, to be used again when GitHub says that nothing has changed: such a reply costs no rate limit. */
  const known = new Map<string, GitHubResponse>();

  async function exchange(request: GitHubRequest, signal: AbortSignal): Promise<GitHubResponse | NoResponse> {
    const before = request.method === "GET" ? known.get(request.url.href) : undefined;
    let { url } = request;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await fetch(url, {
        method: request.method,
        redirect: "manual",
        signal,
        headers: {
          ...API_HEADERS,
          authorization: `Bearer ${token}`,
          ...(request.body !== undefined && { "content-type": "application/json" }),
          ...(before && { "if-none-match": before.headers.get("etag") ?? "" }),
        },
        ...(request.body !== undefined && { body: request.body }),
      });
      if (response.status === 304 && before) return before;
      if (!isRedirect(response.status, request.method)) {
        const answer = await readResponse(response);
        if (answer.kind === "response" && request.method === "GET") cacheResponse(known, request.url.href, answer);
        return answer;
      }
      await response.body?.cancel();
      const next = new URL(response.headers.get("location") ?? "", url);
      if (next.origin !== home)
        return { kind: "no-response", reason: `it was redirected to another host, ${next.host}` };
      url = next;
    }
    return { kind: "no-response", reason: `it was redirected more than ${MAX_REDIRECTS} times` };
  }

  return async (request, signal) => {
    try {
      return await exchange(request, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]));
    } catch (error) {
      signal.throwIfAborted();
      return { kind: "no-response", reason: describeNetworkError(error) };
    }
  };
}

/** A renamed repository answers 301 to reads and 307 to writes (docs, "Follow redirects"). */
const isRedirect = (status: number, method: string): boolean =>
  status === 307 || status === 308 || (method === "GET" && (status === 301 || status === 302));

async function readResponse(response: Response): Promise<GitHubResponse | NoResponse> {
  const { status, headers } = response;
  const text = await response.text();
  const answer = (data: Json): GitHubResponse => ({ kind: "response", status, headers, data });
  if (text === "" && (status === 202 || status === 204 || status === 205)) return answer(null);
  try {
    return answer(JSON.parse(text) as Json);
  } catch {
    if (status >= 400) return answer(null);
    const type = headers.get("content-type")?.split(";")[0] ?? "no content type";
    return {
      kind: "no-response",
      reason: `status ${status} came with ${text.length} characters that are not JSON (${type})`,
    };
  }
}

/** Enough for what one action polls; without a bound, a long wait would collect every page it ever saw. */
const MAX_CACHED_RESPONSES = 32;

function cacheResponse(known: Map<string, GitHubResponse>, address: string, answer: GitHubResponse): void {
  if (answer.status !== 200 || !answer.headers.get("etag")) return;
  known.delete(address);
  known.set(address, answer);
  const [oldest] = known.keys();
  if (known.size > MAX_CACHED_RESPONSES && oldest !== undefined) known.delete(oldest);
}

/** `fetch` says "fetch failed"; the reason is one level down. */
export function describeNetworkError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${TIMEOUT / 1000} s`;
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message || cause.name}` : error.message;
}
