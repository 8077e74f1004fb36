/** Builds the `Call` that a route answers. */
import type { ActionsService } from "../../workflows/service.ts";
import type { Caller } from "../../world/caller.ts";
import { Refusal } from "../../world/refusal.ts";
import type { World } from "../../world/world.ts";
import type { RateStatus } from "../callers/rate-limits.ts";
import { visibleRepository } from "../callers/visibility.ts";
import type { Incoming } from "../exchange/exchange.ts";
import type { Match } from "../exchange/matcher.ts";
import type { Call } from "../route.ts";

export interface CallParts {
  readonly world: World;
  readonly actions: ActionsService | undefined;
  readonly caller: Caller | undefined;
  readonly match: Match;
  readonly incoming: Incoming;
  readonly url: URL;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly rate: RateStatus | undefined;
}

export function callOf({ world, actions, caller, match, incoming, url, query, body, rate }: CallParts): Call {
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
    get signedIn() {
      if (!caller) throw new Refusal(401, "Requires authentication");
      return caller;
    },
    get actor() {
      return this.signedIn.actor;
    },
  };
}
