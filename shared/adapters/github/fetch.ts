/** The `fetch` that Octokit sends with: in turn, repeated where that is safe, and with complete responses only. */
import { type Credentials, sendAuthorized } from "./credentials.ts";
import { toGitHubError } from "./errors.ts";
import { createRateLimitedRequest, type Waiting } from "./rate-limit.ts";
import { formatRequest, type GitHubRequest, parseAddress } from "./request.ts";
import { type GitHubResponse, isSuccess, type NoResponse } from "./response.ts";
import { isRepeatable, isTimeBound, retry } from "./retry.ts";
import type { Throttle } from "./throttle.ts";
import type { Transport } from "./transport.ts";

export interface FetchOptions {
  readonly api: string;
  readonly credentials: Credentials;
  readonly transport: Transport;
  readonly throttle: Throttle;
  readonly waiting: Waiting;
}

/** How long one failing request is retried. */
const MAX_RETRY_MS = 90_000;
/** How old a time-bound write may be when it is sent: half of what writers of a comment wait for each other. */
const MAX_AGE_MS = 250;
const NOT_SENT: NoResponse = {
  kind: "no-response",
  reason: "it was not sent, because it had waited, and what it is based on may have changed",
};

/** @returns a `fetch` that throws GitHubError for every response that is not a success */
export function createFetch({ api, credentials, transport, throttle, waiting }: FetchOptions): typeof fetch {
  // A write that has started is finished, also when the job is cancelled.
  const neverAborted = new AbortController().signal;
  return async (address, init) => {
    const request = toRequest(address, init);
    const name = formatRequest(request, api);
    const { time } = waiting;
    const asked = time.now();
    const isTooLate = (): boolean => isTimeBound(request) && time.now() - asked > MAX_AGE_MS;
    const sendWith = (authorization: { readonly authorization: string }): ReturnType<Transport> => {
      const authorized = { ...request, headers: { ...request.headers, ...authorization } };
      return request.method === "GET"
        ? throttle.read(() => transport(authorized, waiting.signal))
        : throttle.write(async () => (isTooLate() ? NOT_SENT : transport(authorized, neverAborted)));
    };
    const sendOnce = (): ReturnType<Transport> => sendAuthorized(credentials, sendWith);
    const result = isRepeatable(request)
      ? await retry(name, sendOnce, waiting, MAX_RETRY_MS)
      : await createRateLimitedRequest(name, waiting).send(sendOnce);
    if (isSuccess(result)) return toResponse(request.url, result);
    throw toGitHubError(name, result);
  };
}

function toRequest(address: Parameters<typeof fetch>[0], init: RequestInit = {}): GitHubRequest {
  return {
    method: init.method ?? "GET",
    url: parseAddress(String(address)),
    headers: Object.fromEntries(new Headers(init.headers)),
    body: typeof init.body === "string" ? init.body : undefined,
  };
}

/** Only what Octokit needs: the body, which is known to be JSON, and the link to a list's next page. */
function toResponse(url: URL, { status, headers, text }: GitHubResponse): Response {
  const link = headers.get("link");
  const isEmpty = status === 204 || status === 205;
  const response = new Response(isEmpty ? null : text || "null", {
    status,
    headers: { "content-type": "application/json", ...(link !== null && { link }) },
  });
  // Octokit takes a list apart by its address, and a response that was not fetched has none.
  return Object.defineProperty(response, "url", { value: url.href });
}
