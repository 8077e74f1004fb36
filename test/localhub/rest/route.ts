/**
 * The type of a route of the REST API. The method, the path and the schemas come from GitHub's description by operation
 * id; a route adds what the operation does.
 */
import type { ActionsService } from "../workflows/service.ts";
import type { Caller } from "../world/caller.ts";
import type { Account } from "../world/identity.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import type { RateLimitStatus } from "./callers/rate-limits.ts";

export interface Call {
  readonly world: World;
  readonly actions: ActionsService;
  /** Who calls; anonymous callers have access only to public reads. */
  readonly caller: Caller | undefined;
  /** Path parameters, decoded. Integers are still strings: the description has checked their form. */
  readonly path: Readonly<Record<string, string>>;
  /** The URL for links to other pages: the requested one, with the repository by its id, as on GitHub. */
  readonly url: URL;
  /** Query parameters with the description's defaults filled in. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The JSON body, already valid against the description; `{}` when there is none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The body's bytes, for uploads. */
  readonly bytes: Buffer;
  /** Names in lower case. `x-github-api-version` is filled in with the version that is served. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The repository of `{owner}/{repo}`, which the caller may see. @throws ApiError 404 otherwise. */
  readonly repository: Repository;
  /** The caller, for operations that need one. Reading it throws: @throws ApiError 401 for anonymous callers. */
  readonly requiredCaller: Caller;
  /** The account of {@link requiredCaller}. @throws ApiError 401 for anonymous callers. */
  readonly actor: Account;
  /** The caller's rate limit; `undefined` when none applies, as on Enterprise Server. */
  readonly rate: RateLimitStatus | undefined;
}

export type Reply = JsonReply | ListReply | BytesReply | EmptyReply | RedirectReply;

export interface JsonReply {
  readonly kind: "json";
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** All items of a list; the request handler cuts the page, adds `Link` and, for enveloped lists, `total_count`. */
export interface ListReply {
  readonly kind: "list";
  readonly items: readonly unknown[];
  /** Renders one item; called only for those on the page. */
  readonly render: (item: never) => unknown;
  /** The property with the items (`check_runs`); absent for bare arrays. */
  readonly envelope: string | undefined;
  /** Other properties of the envelope. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface BytesReply {
  readonly kind: "bytes";
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface EmptyReply {
  readonly kind: "empty";
  readonly status: number;
}

export interface RedirectReply {
  readonly kind: "redirect";
  readonly location: string;
}

export interface Route {
  /** GitHub's operation id, for example `issues/create-comment`. */
  readonly operation: string;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

export const route = (operation: string, handle: Route["handle"]): Route => ({ operation, handle });

export const ok = (body: unknown, headers?: Readonly<Record<string, string>>): JsonReply => ({
  kind: "json",
  status: 200,
  body,
  ...(headers && { headers }),
});
export const created = (body: unknown): JsonReply => ({ kind: "json", status: 201, body });
export const accepted = (body: unknown = {}): JsonReply => ({ kind: "json", status: 202, body });
export const noContent: EmptyReply = { kind: "empty", status: 204 };
export const redirect = (location: string): RedirectReply => ({ kind: "redirect", location });

export function list<Item>(
  items: readonly Item[],
  render: (item: Item) => unknown,
  envelope?: string,
  extra?: Readonly<Record<string, unknown>>,
): ListReply {
  return { kind: "list", items, render: render as (item: never) => unknown, envelope, ...(extra && { extra }) };
}
