/** The path of one API request: operation, caller, permission, validity, route, reply. */
import { operationOf } from "../openapi/description.ts";
import type { ActionsService } from "../workflows/service.ts";
import type { Caller } from "../world/caller.ts";
import { Refusal } from "../world/refusal.ts";
import type { World } from "../world/world.ts";
import { authenticate } from "./authenticate.ts";
import { callOf } from "./call.ts";
import { RestRefusal, refusalOutcome } from "./errors.ts";
import { type Incoming, jsonOutcome, type Outcome } from "./exchange.ts";
import { createMatcher, type Match } from "./matcher.ts";
import type { Misses } from "./misses.ts";
import { outcomeOf, ReplyMiss } from "./reply-outcome.ts";
import { bodyOf, checkPath, queryOf } from "./request-validation.ts";
import type { Route } from "./route.ts";

export interface Answerer {
  /** Whether the path is an operation of the API. */
  knows(method: string, pathname: string): boolean;
  /** `url` is the request's full address, for links. Never throws: what goes wrong is in the outcome. */
  to(incoming: Incoming, url: URL): Promise<Outcome>;
  tooLarge(incoming: Incoming): Outcome;
}

export interface AnswererOptions {
  readonly world: World;
  readonly routes: readonly Route[];
  readonly actions?: ActionsService;
  readonly misses: Misses;
}

const DOCUMENTATION = "https://docs.github.com/rest";

export function createAnswerer({ world, routes, actions, misses }: AnswererOptions): Answerer {
  const byOperation = new Map(routes.map((route) => [route.operation, route]));
  const matched = createMatcher([...byOperation.keys()].map(operationOf));

  async function answered(incoming: Incoming, url: URL, match: Match, caller: Caller | undefined): Promise<Outcome> {
    const { operation } = match;
    const route = byOperation.get(operation.id);
    if (!route) throw new Error(`no route for ${operation.id}`);
    checkPath(match);
    const query = queryOf(operation, incoming.query);
    const body = bodyOf(operation, incoming);
    const call = callOf({ world, actions, caller, match, incoming, query, body });
    return outcomeOf(await route.answer(call), operation, url);
  }

  function failed(error: unknown, incoming: Incoming, match: Match | undefined): Outcome {
    if (error instanceof Refusal) return refusalOutcome(error, match?.operation.documentation ?? DOCUMENTATION);
    const bug = error instanceof Error ? error : new Error(String(error));
    const message = bug instanceof ReplyMiss ? bug.message : (bug.stack ?? bug.message);
    misses.record({ method: incoming.method, path: incoming.pathname, message });
    return jsonOutcome(500, { message, status: "500" });
  }

  function unknown({ method, pathname }: Incoming): Outcome {
    const message = `the local GitHub has no operation ${method} ${pathname}; see test/localhub/openapi/operations.ts for those it has`;
    misses.record({ method, path: pathname, message });
    return jsonOutcome(501, { message, documentation_url: DOCUMENTATION, status: "501" });
  }

  function journal(incoming: Incoming, match: Match | undefined, caller: Caller | undefined, status: number): void {
    world.journal.record({
      kind: "request",
      at: world.clock.now(),
      method: incoming.method,
      path: incoming.pathname,
      query: incoming.query.toString(),
      operation: match?.operation.id,
      actor: caller?.actor.login,
      body: journaledBody(incoming),
      status,
      fault: undefined,
    });
  }

  return {
    knows: (method, pathname) => matched(method, pathname) !== undefined,
    async to(incoming, url) {
      const match = matched(incoming.method, incoming.pathname);
      let caller: Caller | undefined;
      let outcome: Outcome;
      try {
        caller = authenticate(world, incoming.headers);
        outcome = match ? await answered(incoming, url, match, caller) : unknown(incoming);
      } catch (error) {
        outcome = failed(error, incoming, match);
      }
      journal(incoming, match, caller, outcome.status);
      return outcome;
    },
    tooLarge: (incoming) => failed(new RestRefusal(413, "Payload Too Large"), incoming, undefined),
  };
}

function journaledBody({ headers, bytes }: Incoming): unknown {
  if (bytes.length === 0) return undefined;
  const text = bytes.toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    return headers["content-type"]?.includes("json") ? text : `${bytes.length} bytes`;
  }
}
