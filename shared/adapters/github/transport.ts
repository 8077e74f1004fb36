/** One request, one response. A response that cannot be read completely counts as none: its effect is unknown. */

import { parseJson, readBytes } from "./body.ts";
import { GitHubError, type Json } from "./github.ts";
import { readLocation, redirectError } from "./redirect.ts";
import type { GitHubRequest } from "./request.ts";
import type { GitHubResponse, NoResponse } from "./response.ts";

/** @throws GitHubError `github-redirect-refused`, `github-foreign-address` */
export type Transport = (request: GitHubRequest, signal: AbortSignal) => Promise<GitHubResponse | NoResponse>;

/** GitHub responds within 10 s or stops (docs, "Timeouts"); proxies on the way take time too. */
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 3;
/** 64 MiB: many times the longest page of a list. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
export const API_VERSION = "2022-11-28";

/**
 * @param api its origin is the only one that a request, and with it the token, is sent to
 * @param onDate GitHub's time, of every response
 */
export function createTransport(api: string, onDate: (milliseconds: number) => void = () => {}): Transport {
  const apiOrigin = new URL(api).origin;
  /** Responses by address, used again when GitHub says that nothing has changed: that does not count for the rate limit. */
  const cache = new Map<string, GitHubResponse>();

  async function send(request: GitHubRequest, signal: AbortSignal): Promise<GitHubResponse | NoResponse> {
    const cached = request.method === "GET" ? cache.get(request.url.href) : undefined;
    let { url } = request;
    if (url.origin !== apiOrigin) throw foreignAddress(url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await fetch(url, {
        method: request.method,
        redirect: "manual",
        signal,
        headers: {
          ...request.headers,
          "x-github-api-version": API_VERSION,
          ...(cached && { "if-none-match": cached.headers.get("etag") ?? "" }),
        },
        ...(request.body !== undefined && { body: request.body }),
      });
      const date = Date.parse(response.headers.get("date") ?? "");
      if (url.origin === apiOrigin && Number.isFinite(date)) onDate(date);
      if (response.status === 304 && cached) return cached;
      if (!isRedirect(response.status, request.method)) {
        const result = await readResponse(response);
        if (result.kind === "response" && request.method === "GET") cacheResponse(cache, request.url.href, result);
        return result;
      }
      await response.body?.cancel();
      url = readLocation(response, request, url);
      if (url.origin !== apiOrigin) throw redirectError(request, `to another host, ${url.host}`);
    }
    throw redirectError(request, `more than ${MAX_REDIRECTS} times`);
  }

  return async (request, signal) => {
    try {
      return await send(request, AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof GitHubError) throw error;
      return { kind: "no-response", reason: describeNetworkError(error) };
    }
  };
}

/** The next page of a list, for example, is an address in a response. */
const foreignAddress = ({ host }: URL): GitHubError =>
  new GitHubError({
    code: "github-foreign-address",
    message: `GitHub's response leads to ${host}, which is not the API of this GitHub`,
    fix: "Check the address of GitHub's API and the proxy: one of them leads elsewhere",
  });

/** A renamed repository responds with 301 to reads and 307 to writes (docs, "Follow redirects"). */
const isRedirect = (status: number, method: string): boolean =>
  status === 307 || status === 308 || (method === "GET" && (status === 301 || status === 302));

async function readResponse(response: Response): Promise<GitHubResponse | NoResponse> {
  const { status, headers } = response;
  const bytes = await readBytes(response, MAX_BODY_BYTES);
  if (bytes === undefined) return { kind: "no-response", reason: `the response has over ${MAX_BODY_BYTES} bytes` };
  const text = new TextDecoder().decode(bytes);
  const withData = (data: Json): GitHubResponse => ({ kind: "response", status, headers, text, data });
  if (text === "" && (status === 202 || status === 204 || status === 205)) return withData(null);
  const data = parseJson(text);
  if (data !== undefined) return withData(data);
  if (status >= 400) return withData(null);
  const type = headers.get("content-type")?.split(";")[0] ?? "no content type";
  return {
    kind: "no-response",
    reason: `status ${status} came with ${text.length} characters that are no JSON object or list (${type})`,
  };
}

/** Enough for what one action polls; without a limit, a long wait would keep every page it has read. */
const MAX_CACHED_RESPONSES = 32;

function cacheResponse(cache: Map<string, GitHubResponse>, address: string, response: GitHubResponse): void {
  if (response.status !== 200 || !response.headers.get("etag")) return;
  cache.delete(address);
  cache.set(address, response);
  const [oldest] = cache.keys();
  if (cache.size > MAX_CACHED_RESPONSES && oldest !== undefined) cache.delete(oldest);
}

/** The message of `fetch` is only "fetch failed"; the reason is in its cause. */
export function describeNetworkError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no response within ${REQUEST_TIMEOUT_MS / 1000} s`;
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message || cause.name}` : error.message;
}
