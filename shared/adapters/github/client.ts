/** The one client of GitHub's API; `GitHub` describes what it guarantees. */
import { userError } from "../../problem/problem.ts";
import { buildRequest } from "./build-request.ts";
import { createOnce } from "./create-once.ts";
import { createDownload } from "./download.ts";
import { toGitHubError } from "./errors.ts";
import type { GitHub, GitHubError, RouteParams } from "./github.ts";
import { enableProxies } from "./proxy.ts";
import { createRateLimitedRequest } from "./rate-limit.ts";
import { readPages } from "./read-pages.ts";
import { type GitHubResponse, isSuccess, type NoResponse } from "./response.ts";
import { retry } from "./retry.ts";
import { createThrottle } from "./throttle.ts";
import { realTime, type Time } from "./time.ts";
import { createTransport } from "./transport.ts";

export interface GitHubOptions {
  readonly token: string;
  /** The repository's name and the API that serves it. */
  readonly context: { readonly repository: string; readonly urls: { readonly api: string } };
  readonly log: { info(text: string): void };
  /** No request starts after it is aborted; a write that is in progress is finished. */
  readonly signal: AbortSignal;
  readonly time?: Time;
}

/** How long one failing request is retried. */
const MAX_RETRY_MS = 90_000;

/** @throws ActionError when the token is empty or malformed */
export function createGitHub({ token, context, log, signal, time = realTime }: GitHubOptions): GitHub {
  assertToken(token);
  enableProxies();
  const { api } = context.urls;
  const [owner = "", repo = ""] = context.repository.split("/");
  const repository = { owner, repo };
  const transport = createTransport(token, api);
  const throttle = createThrottle(time, signal);
  const waiting = { time, log, signal };
  const neverAborted = new AbortController().signal;

  /** @returns what sends the request once, when it is its turn */
  function prepare(route: string, params: RouteParams): () => Promise<GitHubResponse | NoResponse> {
    const request = buildRequest(api, route, { ...repository, ...params });
    return request.method === "GET"
      ? () => throttle.read(() => transport(request, signal))
      : () => throttle.write(() => transport(request, neverAborted));
  }

  const toError = (route: string, params: RouteParams, result: GitHubResponse | NoResponse): GitHubError =>
    toGitHubError(route, { ...repository, ...params }, result);

  async function request(route: string, params: RouteParams = {}): Promise<GitHubResponse> {
    const result = await retry(route, prepare(route, params), waiting, MAX_RETRY_MS);
    if (isSuccess(result)) return result;
    throw toError(route, params, result);
  }

  return {
    repository,
    read: async (route, params) => (await request(route, params)).data,
    async find(route, params = {}) {
      const result = await retry(route, prepare(route, params), waiting, MAX_RETRY_MS);
      if (result.kind === "response" && result.status === 404) return undefined;
      if (isSuccess(result)) return result.data;
      throw toError(route, params, result);
    },
    readAll: (route, params) => readPages(route, (page) => request(route, { ...params, ...page })),
    write: async (route, params) => (await request(route, params)).data,
    async create({ send: { route, params = {} }, find }) {
      const sendOnce = prepare(route, params);
      return createOnce({
        send: () => createRateLimitedRequest(route, waiting).send(sendOnce),
        find,
        wait: (ms) => time.sleep(ms, signal),
        toError: (result) => toError(route, params, result),
      });
    },
    download: createDownload({ api, token, repository, throttle, waiting }),
  };
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
