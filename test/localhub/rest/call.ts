/** Builds the `Call` that a route answers. */
import { roleOf } from "../operations/repositories.ts";
import type { ActionsService } from "../workflows/service.ts";
import type { Caller } from "../world/caller.ts";
import { notFound, Refusal } from "../world/refusal.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import type { Incoming } from "./exchange.ts";
import type { Match } from "./matcher.ts";
import type { Call } from "./route.ts";

export interface CallParts {
  readonly world: World;
  readonly actions: ActionsService | undefined;
  readonly caller: Caller | undefined;
  readonly match: Match;
  readonly incoming: Incoming;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export function callOf({ world, actions, caller, match, incoming, query, body }: CallParts): Call {
  return {
    world,
    caller,
    path: match.path,
    query,
    body,
    bytes: incoming.bytes,
    headers: incoming.headers,
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

/** The repository, if the caller may see it. @throws Refusal 404 otherwise: GitHub does not admit that it exists. */
export function visibleRepository(world: World, caller: Caller | undefined, owner: string, name: string): Repository {
  const repository = world.repositories.get(`${owner}/${name}`.toLowerCase());
  if (!repository || !maySee(repository, caller)) throw notFound();
  return repository;
}

function maySee(repository: Repository, caller: Caller | undefined): boolean {
  if (!repository.private) return true;
  if (!caller) return false;
  const { token } = caller;
  // A token bound to a repository sees no other private one; an app sees where it is installed, whatever its bot's role.
  if (token?.repository) return token.repository === repository;
  return token?.kind === "app" || token?.kind === "actions" || roleOf(repository, caller.actor) !== undefined;
}
