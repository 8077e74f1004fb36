/** The one client of GitHub's API; `GitHub` describes what it guarantees. */
import { userError } from "../../problem/problem.ts";
import { buildRequest } from "./build-request.ts";
import { createDownload } from "./download.ts";
import { toGitHubError } from "./errors.ts";
import { type CreateRequest, type GitHub, GitHubError, type Json, type RouteParams } from "./github.ts";
import { enableProxies } from "./proxy.ts";
import { readPages } from "./read-pages.ts";
import { getBackoffDelay, getRateLimitWait, isRetryable, MAX_TRIES } from "./retry.ts";
import { createThrottle } from "./throttle.ts";
import { realTime, type Time } from "./time.ts";
import { createTransport, type GitHubResponse, type NoResponse } from "./transport.ts";

export interface GitHubOptions {
  readonly token: string;
  /** The repository's name and the API that serves it. */
  readonly context: { readonly repository: string; readonly urls: { readonly api: string } };
  readonly log: { info(text: string): void };
  /** No request starts after it is aborted; a write that is in progress is finished. */
  readonly signal: AbortSignal;
  readonly time?: Time;
}

/** A job that waits longer than this for a rate limit costs more than a re-run. */
const MAX_RATE_LIMIT_WAIT_MS = 15 * 60_000;
/** How long one failing request is retried. */
const MAX_RETRY_MS = 90_000;
/** A new object may be missing from lists for some seconds: the lookup is repeated after each of these waits. */
const LOOKUP_DELAYS_MS = [500, 1_500, 4_000] as const;
const MAX_SENDS = 3;

/** @throws ActionError when the token is empty or malformed */
export function createGitHub({ token, context, log, signal, time = realTime }: GitHubOptions): GitHub {
  assertToken(token);
  enableProxies();
  const { api } = context.urls;
  const [owner = "", repo = ""] = context.repository.split("/");
  const transport = createTransport(token, api);
  const throttle = createThrottle(time);
  const neverAborted = new AbortController().signal;

  /** Sends until there is a clear response; `once`: sends again only what the rate limit rejected. */
  async function sendWithRetry(route: string, params: RouteParams, once = false): Promise<GitHubResponse | NoResponse> {
    const request = buildRequest(api, route, { owner, repo, ...params });
    const reads = request.method === "GET";
    const start = time.now();
    let waited = 0;
    let limitHits = 0;
    for (let tries = 1; ; ) {
      signal.throwIfAborted();
      const result = await (reads ? throttle.read : throttle.write)(() =>
        transport(request, reads ? signal : neverAborted),
      );
      const wait = result.kind === "response" ? getRateLimitWait(result, limitHits) : undefined;
      if (wait !== undefined) {
        limitHits += 1;
        waited += wait.ms;
        if (waited > MAX_RATE_LIMIT_WAIT_MS) throw rateLimitError(route, wait.ms);
        log.info(`GitHub's ${wait.limit} rate limit is used up; retrying in ${Math.ceil(wait.ms / 1000)} s`);
        await time.sleep(wait.ms, signal);
        continue;
      }
      const isLastTry = tries >= MAX_TRIES || time.now() - start - waited > MAX_RETRY_MS;
      if (once || !isRetryable(result) || isLastTry) return result;
      await time.sleep(getBackoffDelay(tries, time.random), signal);
      tries += 1;
    }
  }

  async function request(route: string, params: RouteParams): Promise<GitHubResponse> {
    const result = await sendWithRetry(route, params);
    if (isSuccess(result)) return result;
    throw toGitHubError(route, { owner, repo, ...params }, result);
  }

  async function create({ send, find }: CreateRequest): Promise<Json> {
    const params = send.params ?? {};
    for (let sends = 1; ; sends++) {
      const result = await sendWithRetry(send.route, params, true);
      if (isSuccess(result)) return result.data;
      if (!isRetryable(result)) {
        // GitHub may reject the second request because the first took effect: "already exists".
        const found = sends > 1 ? await find() : undefined;
        if (found !== undefined) return found;
        throw toGitHubError(send.route, { owner, repo, ...params }, result);
      }
      for (const wait of LOOKUP_DELAYS_MS) {
        await time.sleep(wait, signal);
        const found = await find();
        if (found !== undefined) return found;
      }
      if (sends === MAX_SENDS) throw toGitHubError(send.route, { owner, repo, ...params }, result);
    }
  }

  return {
    repository: { owner, repo },
    read: async (route, params = {}) => (await request(route, params)).data,
    async find(route, params = {}) {
      const result = await sendWithRetry(route, params);
      if (result.kind === "response" && result.status === 404) return undefined;
      if (isSuccess(result)) return result.data;
      throw toGitHubError(route, { owner, repo, ...params }, result);
    },
    readAll: (route, params = {}) => readPages(route, (page) => request(route, { ...params, ...page })),
    write: async (route, params = {}) => (await request(route, params)).data,
    create,
    download: createDownload({ api, token, repository: { owner, repo }, throttle, time, signal }),
  };
}

const isSuccess = (result: GitHubResponse | NoResponse): result is GitHubResponse =>
  result.kind === "response" && result.status >= 200 && result.status < 300;

function rateLimitError(route: string, ms: number): GitHubError {
  const minutes = Math.ceil(ms / 60_000);
  return new GitHubError({
    code: "rate-limited",
    message: `GitHub's rate limit is used up (${route})`,
    fix: `Re-run the failed jobs in ${minutes} minutes`,
  });
}

/** Checked here, because the error of `fetch` about a bad header quotes the token. */
function assertToken(token: string): void {
  if (/^[\x21-\x7e]+$/.test(token)) return;
  throw userError({
    code: token === "" ? "token-missing" : "token-malformed",
    message: token === "" ? "the token is empty" : "the token contains spaces, line ends or control characters",
    fix: "Pass ${{ github.token }} or a secret that exists for this event: a fork's pull request gets no secrets",
  });
}
