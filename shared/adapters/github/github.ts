/** GitHub's API as our actions use it. Every route starts with a method and a path: `GET /repos/{owner}/{repo}/pulls`. */
import { ActionFailure, type Problem } from "../../action/problem.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Placeholders of the route first; what is left becomes the query of a GET and the JSON body of anything else. */
export type Params = Readonly<Record<string, unknown>>;

export interface GitHub {
  /** Fills `{owner}` and `{repo}` of every route. */
  readonly repository: { readonly owner: string; readonly repo: string };
  /** A GET, repeated on faults. @throws GitHubFailure */
  read(route: string, params?: Params): Promise<Json>;
  /** A GET of what may not be there: `undefined` for 404. @throws GitHubFailure */
  find(route: string, params?: Params): Promise<Json | undefined>;
  /** All pages of a list, each item once, also where the list stands inside an object. @throws GitHubFailure */
  readAll(route: string, params?: Params): Promise<readonly Json[]>;
  /** A PATCH, PUT or DELETE that states the whole wanted outcome, so that doing it twice is doing it once. */
  write(route: string, params?: Params): Promise<Json>;
  /** A POST with one effect, whatever happens on the way. @throws GitHubFailure */
  create(order: Creation): Promise<Json>;
  /** The bytes behind a route, or behind an address of this API; redirects to other hosts go without the token. */
  download(routeOrUrl: string, params?: Params): Promise<Uint8Array>;
}

export interface Creation {
  readonly send: { readonly route: string; readonly params?: Params };
  /** Looks for the thing by its own key. Asked only when it is unknown whether `send` took effect. */
  readonly find: () => Promise<Json | undefined>;
}

/** An answer that is no success, or no answer: `status` is `undefined` then. */
export class GitHubFailure extends ActionFailure {
  readonly status: number | undefined;
  readonly answer: Json;

  constructor(problem: Problem, status?: number, answer: Json = null) {
    super("mistake", [problem]);
    this.name = "GitHubFailure";
    this.status = status;
    this.answer = answer;
  }
}
