/** Downloads bytes: the API redirects to storage, which must not get the token. */
import { parseJson, readBytes } from "./body.ts";
import { type Credentials, sendAuthorized } from "./credentials.ts";
import { toGitHubError } from "./errors.ts";
import { GitHubError } from "./github.ts";
import type { Waiting } from "./rate-limit.ts";
import { readLocation, redirectError } from "./redirect.ts";
import { formatRequest, type GitHubRequest, parseAddress } from "./request.ts";
import type { Downloaded, GitHubResponse, NoResponse, Opened } from "./response.ts";
import { retry } from "./retry.ts";
import type { Throttle } from "./throttle.ts";
import { API_VERSION, describeNetworkError } from "./transport.ts";

export interface DownloadOptions {
  readonly api: string;
  readonly credentials: Credentials;
  readonly throttle: Throttle;
  readonly waiting: Waiting;
}

/** 256 MiB: records and reports are far smaller, and models are not downloaded here. */
const MAX_DOWNLOAD_BYTES = 256 * 1024 * 1024;
const MAX_ERROR_BYTES = 1024 * 1024;
const DOWNLOAD_TIMEOUT_MS = 5 * 60_000;
const MAX_REDIRECTS = 5;

/** @returns downloads what is behind an endpoint of this API */
export function createDownload(options: DownloadOptions): (endpoint: { readonly url: string }) => Promise<Uint8Array> {
  const { api, credentials, throttle, waiting } = options;
  return async ({ url }) => {
    const headers = { "x-github-api-version": API_VERSION };
    const request: GitHubRequest = { method: "GET", url: parseAddress(url), headers, body: undefined };
    const name = formatRequest(request, api);
    const sendOnce = (): Promise<Downloaded | GitHubResponse | NoResponse> =>
      sendAuthorized(credentials, (authorization) =>
        throttle.read(() => tryDownload({ ...request, headers: { ...headers, ...authorization } }, waiting.signal)),
      );
    // One download may take minutes: the number of tries is limit enough.
    const result = await retry(name, sendOnce, waiting, Number.POSITIVE_INFINITY);
    if (result.kind === "downloaded") return result.bytes;
    throw toGitHubError(name, result);
  };
}

async function tryDownload(
  request: GitHubRequest,
  signal: AbortSignal,
): Promise<Downloaded | GitHubResponse | NoResponse> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]);
  try {
    const opened = await openDownload(request, limit);
    return opened.kind === "opened" ? await readDownload(opened.response) : opened;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GitHubError) throw error;
    return { kind: "no-response", reason: describeNetworkError(error) };
  }
}

/**
 * Follows the redirects to the storage: the token stays with the API's host.
 *
 * @throws GitHubError `github-redirect-refused`; the error of `fetch`
 */
export async function openDownload(
  request: GitHubRequest,
  signal: AbortSignal,
): Promise<Opened | GitHubResponse | NoResponse> {
  const start = request.url;
  const { authorization: _, ...withoutToken } = request.headers;
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const headers = url.origin === start.origin ? request.headers : withoutToken;
    const response = await fetch(url, { redirect: "manual", signal, headers });
    if (response.status === 200 || response.status === 206) return { kind: "opened", response };
    // Asked for a part that is not there; trying again would be answered the same.
    if (response.status === 416) throw rangeUnsupported();
    if (response.status < 300 || response.status >= 400) return await readErrorResponse(response, url, start);
    await response.body?.cancel();
    url = readLocation(response, request, url);
    if (start.protocol === "https:" && url.protocol !== "https:") {
      throw redirectError(request, `to ${url.origin}, which is not encrypted`);
    }
  }
  throw redirectError(request, `more than ${MAX_REDIRECTS} times`);
}

export const rangeUnsupported = (): GitHubError =>
  new GitHubError({
    code: "range-unsupported",
    message: "the storage does not give a part of a file",
    fix: "Check what is between the runner and GitHub's storage",
  });

async function readDownload(response: Response): Promise<Downloaded> {
  const bytes = await readBytes(response, MAX_DOWNLOAD_BYTES);
  if (bytes !== undefined) return { kind: "downloaded", bytes };
  throw new GitHubError({
    code: "download-too-large",
    message: `the download has more than ${MAX_DOWNLOAD_BYTES / 1024 / 1024} MiB`,
    fix: "Keep artifacts between jobs small: records, not data or models",
  });
}

async function readErrorResponse(response: Response, url: URL, start: URL): Promise<GitHubResponse | NoResponse> {
  const { status, headers } = response;
  // Storage knows no permissions: its address has expired, or the file is not there yet. The API gives a new address.
  if (url.origin !== start.origin) return { kind: "no-response", reason: `${url.host} responded with ${status}` };
  const text = (await readBytes(response, MAX_ERROR_BYTES))?.toString() ?? "";
  return { kind: "response", status, headers, text, data: parseJson(text) ?? null };
}
