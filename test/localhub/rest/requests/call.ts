/** Builds the `Call` that a route handles. */
import type { ActionsService } from "../../workflows/service.ts";
import { ApiError } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { World } from "../../world/world.ts";
import type { RateLimitStatus } from "../callers/rate-limits.ts";
import { visibleRepository } from "../callers/visibility.ts";
import type { HttpRequest } from "../http/http-messages.ts";
import type { Match } from "../http/matcher.ts";
import type { Call } from "../route.ts";

export interface CallParts {
  readonly world: World;
  readonly actions: ActionsService | undefined;
  readonly caller: Caller | undefined;
  readonly match: Match;
  readonly incoming: HttpRequest;
  readonly url: URL;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly rate: RateLimitStatus | undefined;
}

export function createCall({ world, actions, caller, match, incoming, url, query, body, rate }: CallParts): Call {
  return {
    world,
    caller,
    path: match.path,
    url,
    query,
    body,
    bytes: incoming.bytes,
    headers: incoming.headers,
    rate,
    get actions() {
      if (!actions) throw new Error(`${match.operation.id} needs the Actions service, and this server has none`);
      return actions;
    },
    get repository() {
      return visibleRepository(world, caller, match.path["owner"] ?? "", match.path["repo"] ?? "");
    },
    get requiredCaller() {
      if (!caller) throw new ApiError(401, "Requires authentication");
      return caller;
    },
    get actor() {
      return this.requiredCaller.actor;
    },
  };
}
