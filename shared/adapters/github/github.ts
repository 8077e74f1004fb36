/** GitHub's API as our adapters use it: Octokit's typed endpoints, and what Octokit has not. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import type { Octokit } from "./octokit.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface GitHub {
  readonly repository: { readonly owner: string; readonly repo: string };
  /**
   * GitHub's endpoints. A request that has the same effect when it is sent twice is repeated on errors; any other is sent
   * once (`writeOnce` repeats it safely). What is returned is what GitHub claims: `parseResponse` checks it. Each
   * endpoint throws GitHubError.
   */
  readonly rest: Octokit["rest"];
  /** A read that Octokit has no method for yet, such as `/repos/{owner}/{repo}/…`: what it responds. @throws GitHubError */
  get(path: string, params: Readonly<Record<string, string | number>>): Promise<unknown>;
  /** All pages of a list, each item once, also when the list is inside an object. @throws GitHubError */
  readAll<List extends ListEndpoint>(list: List, params: Parameters<List>[0]): Promise<readonly unknown[]>;
  /**
   * Refs by their full names' prefixes, and the default branch, in one request of git's own protocol; `undefined` where that is not
   * possible, for whatever reason: then the API has them.
   */
  listRefs(prefixes: readonly string[]): Promise<GitRefs | undefined>;
  /** What an endpoint responds, or `undefined` when two reads say that there is no such object. @throws GitHubError */
  find<Data>(read: () => Promise<{ readonly data: Data }>): Promise<Data | undefined>;
  /** A request that takes effect once, whatever fails on the way. @throws GitHubError */
  writeOnce<Written>(request: WriteRequest<Written>): Promise<Written>;
  /**
   * GitHub's time, in milliseconds since 1970: of its last response, and what has passed since then. Runners' clocks differ by
   * minutes. There must have been a response.
   */
  now(): number;
  /** The bytes behind an endpoint; redirects to other hosts go without the token. @throws GitHubError */
  download(endpoint: { readonly url: string }): Promise<Uint8Array>;
  /**
   * The same in chunks, without a limit on its size, also when the connection breaks on the way.
   *
   * @param from the first byte; @throws GitHubError `range-unsupported` where the storage has no other than 0
   */
  stream(download: Download, from?: number): AsyncIterable<Uint8Array>;
}

export interface Download {
  readonly url: string;
  /** As Octokit's endpoints have it: what kind of content is asked for. */
  readonly headers?: { readonly accept?: string | undefined };
}

export interface GitRefs {
  readonly refs: readonly GitRefLine[];
  /** Where HEAD leads: the default branch. */
  readonly defaultBranch: string | undefined;
}

export interface GitRefLine {
  /** Full name. */
  readonly name: string;
  readonly object: string;
  readonly annotated: boolean;
}

export type ListEndpoint = Parameters<Octokit["paginate"]["iterator"]>[0] & ((params?: never) => Promise<unknown>);

export interface WriteRequest<Written> {
  /** Sends it and checks the response. */
  readonly send: () => Promise<Written>;
  /** Looks for the effect by its own key. */
  readonly find: () => Promise<Written | undefined>;
  /**
   * Whether the effect must be found after a success, too: GitHub's word is not enough where a later run would be stuck
   * without it. Not needed where the caller reads back what it has written.
   */
  readonly confirm?: boolean;
}

/** A response that is not a success, or no response: then `status` is `undefined`. */
export class GitHubError extends ActionError {
  readonly status: number | undefined;

  constructor(problem: Problem, status?: number) {
    super("user-error", [problem]);
    this.name = "GitHubError";
    this.status = status;
  }

  get code(): string {
    return this.problems[0]?.code ?? "";
  }
}
