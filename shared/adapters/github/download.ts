/** Downloads bytes: the API redirects to storage, which must not get the token. */
import { buildRequest, type GitHubRequest } from "./build-request.ts";
import { toGitHubError } from "./errors.ts";
import { GitHubError, type Json, type RouteParams } from "./github.ts";
import type { Waiting } from "./rate-limit.ts";
import { redirectError } from "./redirect.ts";
import type { Downloaded, GitHubResponse, NoResponse } from "./response.ts";
import { retry } from "./retry.ts";
import type { Throttle } from "./throttle.ts";
import { API_HEADERS, describeNetworkError } from "./transport.ts";

interface DownloadOptions {
  readonly api: string;
  readonly token: string;
  readonly repository: { readonly owner: string; readonly repo: string };
  readonly throttle: Throttle;
  readonly waiting: Waiting;
}

/** 256 MiB: records and reports are far smaller, and models are not downloaded here. */
const MAX_DOWNLOAD_BYTES = 256 * 1024 * 1024;
const DOWNLOAD_TIMEOUT_MS = 5 * 60_000;
const MAX_REDIRECTS = 5;

export function createDownload(
  options: DownloadOptions,
): (routeOrUrl: string, params?: RouteParams) => Promise<Uint8Array> {
  const { api, throttle, waiting } = options;
  return async (routeOrUrl, params = {}) => {
    const { route, all } = toRoute(api, routeOrUrl, { ...options.repository, ...params });
    const request = buildRequest(api, route, all);
    const sendOnce = (): Promise<Downloaded | GitHubResponse | NoResponse> =>
      throttle.read(() => tryDownload(request, options));
    // One download may take minutes: the number of tries is limit enough.
    const result = await retry(route, sendOnce, waiting, Number.POSITIVE_INFINITY);
    if (result.kind === "downloaded") return result.bytes;
    throw toGitHubError(route, all, result);
  };
}

/** @throws GitHubError for an address outside this API: an address in a response must not get the token */
function toRoute(
  api: string,
  routeOrUrl: string,
  params: RouteParams,
): { readonly route: string; readonly all: RouteParams } {
  if (!/^https?:/.test(routeOrUrl)) return { route: routeOrUrl, all: params };
  const root = `${api.replace(/\/+$/, "")}/`;
  if (!routeOrUrl.startsWith(root)) {
    throw new GitHubError({
      code: "github-foreign-address",
      message: `${new URL(routeOrUrl).host} is not the API of this GitHub`,
      fix: "Pass an address from this GitHub's API",
    });
  }
  return { route: `GET /${routeOrUrl.slice(root.length)}`, all: params };
}

async function tryDownload(
  request: GitHubRequest,
  { token, waiting: { signal } }: DownloadOptions,
): Promise<Downloaded | GitHubResponse | NoResponse> {
  const start = request.url;
  try {
    let url = start;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await fetch(url, {
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]),
        headers: url.origin === start.origin ? { ...API_HEADERS, authorization: `Bearer ${token}` } : {},
      });
      if (response.status === 200) return { kind: "downloaded", bytes: await readBytes(response) };
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null)
        return await readErrorResponse(response);
      await response.body?.cancel();
      const next = new URL(location, url);
      if (start.protocol === "https:" && next.protocol !== "https:") {
        throw redirectError(request, `to ${next.origin}, which is not encrypted`);
      }
      url = next;
    }
    throw redirectError(request, `more than ${MAX_REDIRECTS} times`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GitHubError) throw error;
    return { kind: "no-response", reason: describeNetworkError(error) };
  }
}

async function readBytes(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_DOWNLOAD_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (): GitHubError =>
  new GitHubError({
    code: "download-too-large",
    message: `the download has more than ${MAX_DOWNLOAD_BYTES / 1024 / 1024} MiB`,
    fix: "Keep artifacts between jobs small: records, not data or models",
  });

async function readErrorResponse(response: Response): Promise<GitHubResponse> {
  const { status, headers } = response;
  const text = await response.text();
  let data: Json = null;
  try {
    data = JSON.parse(text) as Json;
  } catch {
    // Storage responds in XML; its status says enough.
  }
  return { kind: "response", status, headers, data };
}
