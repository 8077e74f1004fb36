/** The path of one API request: client, operation, caller, limits, permission, validity, route, reply. */
import { operationById, operations } from "../../openapi/description.ts";
import type { ActionsService } from "../../workflows/service.ts";
import { ApiError, notFound } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { World } from "../../world/world.ts";
import { authenticate } from "../callers/authenticate.ts";
import { authorize } from "../callers/authorize.ts";
import { apiVersionOf, applyConditionalRequest, checkAccept, rejectMissingUserAgent } from "../callers/client-rules.ts";
import { isServedBy } from "../callers/profile-operations.ts";
import type { RateLimiter } from "../callers/rate-limits.ts";
import { applyFaults, type DeliveredResponse, deliverWhole } from "../faults/fault-effects.ts";
import { type Fault, type FaultSource, formatFaults } from "../faults/faults.ts";
import { createListHistory } from "../faults/list-lag.ts";
import { errorBody, errorHeaders, RestApiError } from "../http/errors.ts";
import { type HttpRequest, type HttpResponse, jsonResponse } from "../http/http-messages.ts";
import { createMatcher, type Match, type Matcher } from "../http/matcher.ts";
import type { ConformanceErrors } from "../replies/conformance-errors.ts";
import { journalRequest } from "../replies/journal-entry.ts";
import { buildReplyHeaders } from "../replies/reply-headers.ts";
import { NonconformingReplyError, toHttpResponse, toValidatedJson } from "../replies/to-http-response.ts";
import { createCall } from "../requests/call.ts";
import { pathByName, urlById } from "../requests/repository-paths.ts";
import { checkPath, parseBody, parseQuery } from "../requests/request-validation.ts";
import type { Route } from "../route.ts";

export interface RequestHandler {
  /** Whether the path is an operation of the API. */
  hasOperation(method: string, pathname: string): boolean;
  /** `url` is the request's full address, for links. Never throws: what goes wrong is in the outcome. */
  handle(incoming: HttpRequest, url: URL): Promise<DeliveredResponse>;
  rejectTooLarge(incoming: HttpRequest): DeliveredResponse;
}

export interface RequestHandlerOptions {
  readonly world: World;
  readonly routes: readonly Route[];
  readonly actions?: ActionsService;
  readonly conformanceErrors: ConformanceErrors;
  readonly rateLimiter: RateLimiter;
  readonly faults: FaultSource;
}

/** What is known of a request by the time its reply goes out. */
interface RequestState {
  readonly incoming: HttpRequest;
  readonly url: URL;
  readonly match: Match | undefined;
  caller: Caller | undefined;
  apiVersion: string;
  faults: readonly Fault[];
}

const DOCUMENTATION = "https://docs.github.com/rest";

export function createRequestHandler({
  world,
  routes,
  actions,
  conformanceErrors: misses,
  rateLimiter: guard,
  faults,
}: RequestHandlerOptions): RequestHandler {
  const byOperation = new Map(routes.map((route) => [route.operation, route]));
  for (const { operation } of routes) operationById(operation);
  const matcher = createMatcher(operations.values());
  const matched: Matcher = (method, pathname) => matcher(method, pathByName(world, pathname));
  const lists = createListHistory(world);
  let requests = 0;

  /** Everything between the limits and the headers. */
  async function respond(progress: RequestState): Promise<HttpResponse> {
    const { incoming, match, caller } = progress;
    const route = match && byOperation.get(match.operation.id);
    if (!route) return unknownOperation(incoming);
    const { operation } = match;
    if (!isServedBy(world.profile, operation.id)) throw notFound();
    authorize(world, caller, match);
    checkPath(match);
    const query = parseQuery(operation, incoming.query);
    const body = parseBody(operation, incoming);
    const headers = { ...incoming.headers, "x-github-api-version": progress.apiVersion };
    const rate = guard.status(caller);
    const repository = world.repositories.get(`${match.path["owner"]}/${match.path["repo"]}`.toLowerCase());
    const url = repository ? urlById(progress.url, repository) : progress.url;
    const call = createCall({
      world,
      actions,
      caller,
      match,
      incoming: { ...incoming, headers },
      url,
      query,
      body,
      rate,
    });
    const reply = await route.handle(call);
    const shown = reply.kind === "list" ? lists.applyLag(listKey(url), reply, progress.faults) : reply;
    return applyConditionalRequest(toHttpResponse(shown, operation, url), incoming.method, incoming.headers);
  }

  /** A request that was refused or went wrong, as GitHub tells it; what is our own fault is recorded. */
  function failure(error: unknown, about: Pick<RequestState, "incoming" | "match">): HttpResponse {
    if (!(error instanceof ApiError)) return ownFault(error, about.incoming);
    const operation = about.match?.operation;
    const body = errorBody(error, operation?.documentation ?? DOCUMENTATION);
    if (!operation) return jsonResponse(error.status, body, errorHeaders(error));
    try {
      return toValidatedJson(operation, error.status, body, errorHeaders(error));
    } catch (miss) {
      return ownFault(miss, about.incoming);
    }
  }

  function ownFault(error: unknown, { method, pathname }: HttpRequest): HttpResponse {
    const bug = error instanceof Error ? error : new Error(String(error));
    const message = bug instanceof NonconformingReplyError ? bug.message : (bug.stack ?? bug.message);
    misses.record({ method, path: pathname, message });
    return jsonResponse(500, { message, status: "500" });
  }

  function unknownOperation({ method, pathname }: HttpRequest): HttpResponse {
    const message = `the local GitHub has no operation ${method} ${pathname}; test/localhub/openapi/operations.ts lists those it has`;
    misses.record({ method, path: pathname, message });
    return jsonResponse(501, { message, documentation_url: DOCUMENTATION, status: "501" });
  }

  async function exchanged(progress: RequestState): Promise<DeliveredResponse> {
    const { incoming, match } = progress;
    try {
      checkAccept(incoming.headers);
      progress.apiVersion = apiVersionOf(world.profile, incoming.headers);
      progress.caller = authenticate(world, incoming.headers);
      using admission = guard.acquire(progress.caller, match?.operation);
      const target = { operation: match?.operation.id, method: incoming.method, path: incoming.pathname };
      progress.faults = faults.takeMatching(target);
      const answered = await applyFaults(world, progress.faults, () =>
        respond(progress).catch((error: unknown) => failure(error, progress)),
      );
      if (answered.response.status === 304) admission.refund();
      return answered;
    } catch (error) {
      return deliverWhole(failure(error, progress));
    }
  }

  return {
    hasOperation: (method, pathname) => matched(method, pathname) !== undefined,
    async handle(incoming, url) {
      const refused = rejectMissingUserAgent(incoming.headers);
      if (refused) return deliverWhole(refused);
      const [apiVersion = ""] = world.profile.apiVersions;
      const match = matched(incoming.method, incoming.pathname);
      const progress: RequestState = { incoming, url, match, caller: undefined, apiVersion, faults: [] };
      requests += 1;
      const requestId = `C0DE:${requests.toString(16).padStart(6, "0").toUpperCase()}`;
      const answered = await exchanged(progress);
      const { caller } = progress;
      const operation = match?.operation.id;
      const fault = formatFaults(progress.faults);
      journalRequest(world, { incoming, operation, caller, status: answered.response.status, fault });
      const standard = buildReplyHeaders({
        world,
        requestId,
        request: incoming.headers,
        apiVersion: progress.apiVersion,
        caller,
        operation,
        rate: guard.status(caller),
      });
      return {
        ...answered,
        response: { ...answered.response, headers: { ...standard, ...answered.response.headers } },
      };
    },
    rejectTooLarge: (incoming) =>
      deliverWhole(failure(new RestApiError(413, "Payload Too Large"), { incoming, match: undefined })),
  };
}

/** A list is the same list whatever page of it is asked for. */
function listKey(url: URL): string {
  const query = new URLSearchParams(url.searchParams);
  query.delete("page");
  query.delete("per_page");
  query.sort();
  return `${url.pathname}?${query}`;
}
