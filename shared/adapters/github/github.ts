/** GitHub's API as our actions use it. Every route starts with a method and a path: `GET /repos/{owner}/{repo}/pulls`. */
import { ActionError, type Problem } from "../../problem/problem.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Fills the route's placeholders; the rest becomes the query of a GET or the JSON body of another method. */
export type RouteParams = Readonly<Record<string, unknown>>;

export interface GitHub {
  /** Fills `{owner}` and `{repo}` of every route. */
  readonly repository: { readonly owner: string; readonly repo: string };
  /** A GET, retried on errors. @throws GitHubError */
  read(route: string, params?: RouteParams): Promise<Json>;
  /** A GET of what may not exist: `undefined` for 404. @throws GitHubError */
  find(route: string, params?: RouteParams): Promise<Json | undefined>;
  /** All pages of a list, each item once, also when the list is inside an object. @throws GitHubError */
  readAll(route: string, params?: RouteParams): Promise<readonly Json[]>;
  /** A PATCH, PUT or DELETE that sets the complete state, so that sending it twice has the effect of once. */
  write(route: string, params?: RouteParams): Promise<Json>;
  /** A POST that takes effect once, whatever fails on the way. @throws GitHubError */
  create(request: CreateRequest): Promise<Json>;
  /** The bytes behind a route, or behind an address of this API; redirects to other hosts go without the token. */
  download(routeOrUrl: string, params?: RouteParams): Promise<Uint8Array>;
}

export interface CreateRequest {
  readonly send: { readonly route: string; readonly params?: RouteParams };
  /** Looks the object up by its own key. Called only when it is unknown whether `send` took effect. */
  readonly find: () => Promise<Json | undefined>;
}

/** A response that is not a success, or no response: then `status` is `undefined`. */
export class GitHubError extends ActionError {
  readonly status: number | undefined;
  readonly response: Json;

  constructor(problem: Problem, status?: number, response: Json = null) {
    super("user-error", [problem]);
    this.name = "GitHubError";
    this.status = status;
    this.response = response;
  }
}
