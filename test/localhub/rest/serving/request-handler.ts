/** The pipeline of one API request: client, operation, caller, limits, permission, validation, route, reply. */
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
import { handleUnderFaults } from "../faults/without-effect.ts";
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
  /** `url` is the request's full URL, for links. Never throws: errors become responses. */
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

/** What is known about a request when its response is sent. */
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
  conformanceErrors,
  rateLimiter,
  faults,
}: RequestHandlerOptions): RequestHandler {
  const byOperation = new Map(routes.map((route) => [route.operation, route]));
  for (const { operation } of routes) operationById(operation);
  const matcher = createMatcher(operations.values());
  const findMatch: Matcher = (method, pathname) => matcher(method, pathByName(world, pathname));
  const lists = createListHistory(world);
  let requests = 0;

  /** Everything between the limits and the headers. */
  async function respond(state: RequestState): Promise<HttpResponse> {
    const { incoming, match, caller } = state;
    const route = match && byOperation.get(match.operation.id);
    if (!route) return unknownOperation(incoming);
    const { operation } = match;
    if (!isServedBy(world.profile, operation.id)) throw notFound();
    authorize(world, caller, match);
    checkPath(match);
    const query = parseQuery(operation, incoming.query);
    const body = parseBody(operation, incoming);
    const headers = { ...incoming.headers, "x-github-api-version": state.apiVersion };
    const rate = rateLimiter.status(caller);
    const repository = world.repositories.get(`${match.path["owner"]}/${match.path["repo"]}`.toLowerCase());
    const url = repository ? urlById(state.url, repository) : state.url;
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
    const reply = await handleUnderFaults(route, call, state.faults, byOperation);
    const listed = reply.kind === "list" ? lists.applyLag(listKey(url), reply, state.faults) : reply;
    return applyConditionalRequest(toHttpResponse(listed, operation, url), incoming.method, incoming.headers);
  }

  /** GitHub's response for an error; an error of the local GitHub itself is recorded as a conformance error. */
  function toErrorResponse(
    error: unknown,
    { incoming, match }: Pick<RequestState, "incoming" | "match">,
  ): HttpResponse {
    if (!(error instanceof ApiError)) return internalErrorResponse(error, incoming);
    const operation = match?.operation;
    const body = errorBody(error, operation?.documentation ?? DOCUMENTATION);
    if (!operation) return jsonResponse(error.status, body, errorHeaders(error));
    try {
      return toValidatedJson(operation, error.status, body, errorHeaders(error));
    } catch (nonconforming) {
      return internalErrorResponse(nonconforming, incoming);
    }
  }

  function internalErrorResponse(error: unknown, { method, pathname }: HttpRequest): HttpResponse {
    const bug = error instanceof Error ? error : new Error(String(error));
    const message = bug instanceof NonconformingReplyError ? bug.message : (bug.stack ?? bug.message);
    conformanceErrors.record({ method, path: pathname, message });
    return jsonResponse(500, { message, status: "500" });
  }

  function unknownOperation({ method, pathname }: HttpRequest): HttpResponse {
    const message = `the local GitHub has no operation ${method} ${pathname}; those it has are in test/localhub/openapi/operations.ts`;
    conformanceErrors.record({ method, path: pathname, message });
    return jsonResponse(501, { message, documentation_url: DOCUMENTATION, status: "501" });
  }

  async function respondUnderFaults(state: RequestState): Promise<DeliveredResponse> {
    const { incoming, match } = state;
    try {
      checkAccept(incoming.headers);
      state.apiVersion = apiVersionOf(world.profile, incoming.headers);
      state.caller = authenticate(world, incoming.headers);
      using admission = rateLimiter.acquire(state.caller, match?.operation);
      const target = { operation: match?.operation.id, method: incoming.method, path: incoming.pathname };
      state.faults = faults.takeMatching(target);
      const delivered = await applyFaults(world, state.faults, state.url, () =>
        respond(state).catch((error: unknown) => toErrorResponse(error, state)),
      );
      if (delivered.response.status === 304) admission.refund();
      return delivered;
    } catch (error) {
      return deliverWhole(toErrorResponse(error, state));
    }
  }

  return {
    hasOperation: (method, pathname) => findMatch(method, pathname) !== undefined,
    async handle(incoming, url) {
      const rejected = rejectMissingUserAgent(incoming.headers);
      if (rejected) return deliverWhole(rejected);
      const [apiVersion = ""] = world.profile.apiVersions;
      const match = findMatch(incoming.method, incoming.pathname);
      const state: RequestState = { incoming, url, match, caller: undefined, apiVersion, faults: [] };
      requests += 1;
      const requestId = `C0DE:${requests.toString(16).padStart(6, "0").toUpperCase()}`;
      const delivered = await respondUnderFaults(state);
      const { caller } = state;
      const operation = match?.operation.id;
      const fault = formatFaults(state.faults);
      journalRequest(world, { incoming, operation, caller, status: delivered.response.status, fault });
      const standard = buildReplyHeaders({
        world,
        requestId,
        request: incoming.headers,
        apiVersion: state.apiVersion,
        caller,
        operation,
        rate: rateLimiter.status(caller),
      });
      return {
        ...delivered,
        response: { ...delivered.response, headers: { ...standard, ...delivered.response.headers } },
      };
    },
    rejectTooLarge: (incoming) =>
      deliverWhole(toErrorResponse(new RestApiError(413, "Payload Too Large"), { incoming, match: undefined })),
  };
}

/** A list has the same key for every page. */
function listKey(url: URL): string {
  const query = new URLSearchParams(url.searchParams);
  query.delete("page");
  query.delete("per_page");
  query.sort();
  return `${url.pathname}?${query}`;
}
