/** The path of one API request: client, operation, caller, limits, permission, validity, route, reply. */
import { operationOf, operations } from "../../openapi/description.ts";
import type { ActionsService } from "../../workflows/service.ts";
import type { Caller } from "../../world/caller.ts";
import { notFound, Refusal } from "../../world/refusal.ts";
import type { World } from "../../world/world.ts";
import { authenticate } from "../callers/authenticate.ts";
import { authorize } from "../callers/authorize.ts";
import { apiVersionOf, checkAccept, conditional, refusalOfAnonymousClient } from "../callers/client-rules.ts";
import { isServedBy } from "../callers/profile-operations.ts";
import type { RateGuard } from "../callers/rate-limits.ts";
import { errorBody, errorHeaders, RestRefusal } from "../exchange/errors.ts";
import { type Incoming, jsonOutcome, type Outcome } from "../exchange/exchange.ts";
import { createMatcher, type Match, type Matcher } from "../exchange/matcher.ts";
import { type Answered, underFaults, whole } from "../faults/fault-effects.ts";
import { type Fault, type FaultSource, faultNames } from "../faults/faults.ts";
import { createListMemory } from "../faults/list-lag.ts";
import { journalRequest } from "../replies/journal-entry.ts";
import type { Misses } from "../replies/misses.ts";
import { githubHeaders } from "../replies/reply-headers.ts";
import { checkedJson, outcomeOf, ReplyMiss } from "../replies/reply-outcome.ts";
import { callOf } from "../requests/call.ts";
import { pathByName, urlById } from "../requests/repository-paths.ts";
import { bodyOf, checkPath, queryOf } from "../requests/request-validation.ts";
import type { Route } from "../route.ts";

export interface Answerer {
  /** Whether the path is an operation of the API. */
  knows(method: string, pathname: string): boolean;
  /** `url` is the request's full address, for links. Never throws: what goes wrong is in the outcome. */
  to(incoming: Incoming, url: URL): Promise<Answered>;
  tooLarge(incoming: Incoming): Answered;
}

export interface AnswererOptions {
  readonly world: World;
  readonly routes: readonly Route[];
  readonly actions?: ActionsService;
  readonly misses: Misses;
  readonly guard: RateGuard;
  readonly faults: FaultSource;
}

/** What is known of a request by the time its reply goes out. */
interface Progress {
  readonly incoming: Incoming;
  readonly url: URL;
  readonly match: Match | undefined;
  caller: Caller | undefined;
  apiVersion: string;
  faults: readonly Fault[];
}

const DOCUMENTATION = "https://docs.github.com/rest";

export function createAnswerer({ world, routes, actions, misses, guard, faults }: AnswererOptions): Answerer {
  const byOperation = new Map(routes.map((route) => [route.operation, route]));
  for (const { operation } of routes) operationOf(operation);
  const matcher = createMatcher(operations.values());
  const matched: Matcher = (method, pathname) => matcher(method, pathByName(world, pathname));
  const lists = createListMemory(world);
  let requests = 0;

  /** Everything between the limits and the headers. */
  async function respond(progress: Progress): Promise<Outcome> {
    const { incoming, match, caller } = progress;
    const route = match && byOperation.get(match.operation.id);
    if (!route) return unknownOperation(incoming);
    const { operation } = match;
    if (!isServedBy(world.profile, operation.id)) throw notFound();
    authorize(world, caller, match);
    checkPath(match);
    const query = queryOf(operation, incoming.query);
    const body = bodyOf(operation, incoming);
    const headers = { ...incoming.headers, "x-github-api-version": progress.apiVersion };
    const rate = guard.status(caller);
    const repository = world.repositories.get(`${match.path["owner"]}/${match.path["repo"]}`.toLowerCase());
    const url = repository ? urlById(progress.url, repository) : progress.url;
    const call = callOf({ world, actions, caller, match, incoming: { ...incoming, headers }, url, query, body, rate });
    const reply = await route.answer(call);
    const shown = reply.kind === "list" ? lists.seen(listKey(url), reply, progress.faults) : reply;
    return conditional(outcomeOf(shown, operation, url), incoming.method, incoming.headers);
  }

  /** A request that was refused or went wrong, as GitHub tells it; what is our own fault is recorded. */
  function failure(error: unknown, about: Pick<Progress, "incoming" | "match">): Outcome {
    if (!(error instanceof Refusal)) return ownFault(error, about.incoming);
    const operation = about.match?.operation;
    const body = errorBody(error, operation?.documentation ?? DOCUMENTATION);
    if (!operation) return jsonOutcome(error.status, body, errorHeaders(error));
    try {
      return checkedJson(operation, error.status, body, errorHeaders(error));
    } catch (miss) {
      return ownFault(miss, about.incoming);
    }
  }

  function ownFault(error: unknown, { method, pathname }: Incoming): Outcome {
    const bug = error instanceof Error ? error : new Error(String(error));
    const message = bug instanceof ReplyMiss ? bug.message : (bug.stack ?? bug.message);
    misses.record({ method, path: pathname, message });
    return jsonOutcome(500, { message, status: "500" });
  }

  function unknownOperation({ method, pathname }: Incoming): Outcome {
    const message = `the local GitHub has no operation ${method} ${pathname}; test/localhub/openapi/operations.ts lists those it has`;
    misses.record({ method, path: pathname, message });
    return jsonOutcome(501, { message, documentation_url: DOCUMENTATION, status: "501" });
  }

  async function exchanged(progress: Progress): Promise<Answered> {
    const { incoming, match } = progress;
    try {
      checkAccept(incoming.headers);
      progress.apiVersion = apiVersionOf(world.profile, incoming.headers);
      progress.caller = authenticate(world, incoming.headers);
      using admission = guard.admit(progress.caller, match?.operation);
      const target = { operation: match?.operation.id, method: incoming.method, path: incoming.pathname };
      progress.faults = faults.strike(target);
      const answered = await underFaults(world, progress.faults, () =>
        respond(progress).catch((error: unknown) => failure(error, progress)),
      );
      if (answered.outcome.status === 304) admission.refund();
      return answered;
    } catch (error) {
      return whole(failure(error, progress));
    }
  }

  return {
    knows: (method, pathname) => matched(method, pathname) !== undefined,
    async to(incoming, url) {
      const refused = refusalOfAnonymousClient(incoming.headers);
      if (refused) return whole(refused);
      const [apiVersion = ""] = world.profile.apiVersions;
      const match = matched(incoming.method, incoming.pathname);
      const progress: Progress = { incoming, url, match, caller: undefined, apiVersion, faults: [] };
      requests += 1;
      const requestId = `C0DE:${requests.toString(16).padStart(6, "0").toUpperCase()}`;
      const answered = await exchanged(progress);
      const { caller } = progress;
      const operation = match?.operation.id;
      const fault = faultNames(progress.faults);
      journalRequest(world, { incoming, operation, caller, status: answered.outcome.status, fault });
      const standard = githubHeaders({
        world,
        requestId,
        request: incoming.headers,
        apiVersion: progress.apiVersion,
        caller,
        operation,
        rate: guard.status(caller),
      });
      return { ...answered, outcome: { ...answered.outcome, headers: { ...standard, ...answered.outcome.headers } } };
    },
    tooLarge: (incoming) => whole(failure(new RestRefusal(413, "Payload Too Large"), { incoming, match: undefined })),
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
