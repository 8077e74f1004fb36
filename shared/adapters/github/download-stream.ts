/** Downloads what has no room in memory, and goes on from where a connection broke. */

import { sendAuthorized } from "./credentials.ts";
import { type DownloadOptions, openDownload, rangeUnsupported } from "./download.ts";
import { toGitHubError } from "./errors.ts";
import { type Download, GitHubError } from "./github.ts";
import { formatRequest, type GitHubRequest, parseAddress } from "./request.ts";
import type { GitHubResponse, NoResponse, Opened } from "./response.ts";
import { retry } from "./retry.ts";
import { API_VERSION, describeNetworkError } from "./transport.ts";

/** A minute without a byte, as when a machine between has forgotten the connection. */
const STALL_MS = 60_000;
/** Breaks in a row, without a byte between them. */
const MAX_BREAKS = 5;

/** @returns opens an endpoint of this API from a byte on; @throws GitHubError, `range-unsupported` where only the whole can be had */
export function createDownloadStream(
  options: DownloadOptions,
): (download: Download, from?: number) => AsyncGenerator<Uint8Array> {
  const { api, credentials, throttle, waiting } = options;
  const { signal, time, log } = waiting;

  async function open(request: GitHubRequest, at: number, stall: AbortSignal): Promise<Response> {
    const name = formatRequest(request, api);
    const range = at === 0 ? {} : { range: `bytes=${at}-` };
    const sendOnce = (): Promise<Opened | GitHubResponse | NoResponse> =>
      sendAuthorized(credentials, (authorization) =>
        throttle.read(() =>
          tryToOpen({ ...request, headers: { ...request.headers, ...range, ...authorization } }, signal, stall),
        ),
      );
    const result = await retry(name, sendOnce, waiting, Number.POSITIVE_INFINITY);
    if (result.kind === "opened") return result.response;
    throw toGitHubError(name, result);
  }

  return async function* (download, from = 0) {
    const { accept } = download.headers ?? {};
    const headers = {
      "x-github-api-version": API_VERSION,
      // A packed transfer would have other lengths than the content.
      "accept-encoding": "identity",
      ...(accept !== undefined && { accept }),
    };
    const request: GitHubRequest = { method: "GET", url: parseAddress(download.url), headers, body: undefined };
    let at = from;
    for (let breaks = 0; ; breaks++) {
      const stalled = new AbortController();
      let timer = setTimeout(() => stalled.abort(), STALL_MS);
      try {
        const response = await open(request, at, AbortSignal.any([signal, stalled.signal]));
        let skipped = toSkip(response, at, from);
        const end = endOf(response, at - skipped);
        for await (const chunk of response.body ?? []) {
          clearTimeout(timer);
          timer = setTimeout(() => stalled.abort(), STALL_MS);
          const wanted = chunk.subarray(Math.min(skipped, chunk.length));
          skipped -= chunk.length - wanted.length;
          if (wanted.length === 0) continue;
          at += wanted.length;
          breaks = 0;
          yield wanted;
        }
        if (end === undefined || at >= end) return;
        throw new Error(`the connection ended after ${at} of ${end} bytes`);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof GitHubError) throw error;
        const reason = stalled.signal.aborted ? `no byte came for ${STALL_MS / 1000} s` : describeNetworkError(error);
        if (breaks >= MAX_BREAKS) throw toGitHubError(formatRequest(request, api), { kind: "no-response", reason });
        log.info(`The download broke off after ${at} bytes, and goes on from there: ${reason}`);
        await time.sleep(time.random() * 1000 * 2 ** breaks, signal);
      } finally {
        clearTimeout(timer);
      }
    }
  };
}

/** How much of a response came before: all of it, where the storage cannot begin in the middle. */
function toSkip(response: Response, at: number, from: number): number {
  if (at === 0) return 0;
  if (response.status === 206) {
    const [, start] = /^bytes (\d{1,15})-/.exec(response.headers.get("content-range") ?? "") ?? [];
    if (Number(start) === at) return 0;
  }
  if (from === 0 && response.status === 200) return at;
  throw rangeUnsupported();
}

/** Where the content ends, as the response says; `undefined`: it does not. */
function endOf({ headers }: Response, start: number): number | undefined {
  const length = headers.get("content-length");
  return length === null || !/^\d{1,15}$/.test(length) ? undefined : start + Number(length);
}

async function tryToOpen(
  request: GitHubRequest,
  signal: AbortSignal,
  stall: AbortSignal,
): Promise<Opened | GitHubResponse | NoResponse> {
  try {
    return await openDownload(request, stall);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GitHubError) throw error;
    return { kind: "no-response", reason: describeNetworkError(error) };
  }
}
