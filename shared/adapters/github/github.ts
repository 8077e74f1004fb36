/** GitHub's API as our actions use it. Every route starts with a method and a path: `GET /repos/{owner}/{repo}/pulls`. */
import { ActionError, type Problem } from "../../problem/problem.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Placeholders of the route first; what is left becomes the query of a GET and the JSON body of anything else. */
export type RouteParams = Readonly<Record<string, unknown>>;

export interface GitHub {
  /** Fills `{owner}` and `{repo}` of every route. */
  readonly repository: { readonly owner: string; readonly repo: string };
  /** A GET, repeated on faults. @throws GitHubError */
  read(route: string, params?: RouteParams): Promise<Json>;
  /** A GET of what may not be there: `undefined` for 404. @throws GitHubError */
  find(route: string, params?: RouteParams): Promise<Json | undefined>;
  /** All pages of a list, each item once, also where the list stands inside an object. @throws GitHubError */
  readAll(route: string, params?: RouteParams): Promise<readonly Json[]>;
  /** A PATCH, PUT or DELETE that states the whole wanted outcome, so that doing it twice is doing it once. */
  write(route: string, params?: RouteParams): Promise<Json>;
  /** A POST with one effect, whatever happens on the way. @throws GitHubError */
  create(order: CreateRequest): Promise<Json>;
  /** The bytes behind a route, or behind an address of this API; redirects to other hosts go without the token. */
  download(routeOrUrl: string, params?: RouteParams): Promise<Uint8Array>;
}

export interface CreateRequest {
  readonly send: { readonly route: string; readonly params?: RouteParams };
  /** Looks for the thing by its own key. Asked only when it is unknown whether `send` took effect. */
  readonly find: () => Promise<Json | undefined>;
}

/** An answer that is no success, or no answer: `status` is `undefined` then. */
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
