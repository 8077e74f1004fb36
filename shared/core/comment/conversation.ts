/** The comments of one pull request. An adapter implements it. */
export interface Conversation {
  /** All comments, all pages. May not contain the most recent writes yet. */
  list(): Promise<readonly Comment[]>;
  /** One comment, as it is now; `undefined` when there is none with this id. */
  read(id: number): Promise<Comment | undefined>;
  /** Writes a new comment exactly once, also when requests are repeated. */
  create(body: string): Promise<Comment>;
  /**
   * Sent at most once: what it is based on must be read again before the next try.
   * @returns `missing` when GitHub says so, which only a list that agrees proves; `in doubt` when it is unknown whether the
   *   update took effect
   */
  update(id: number, body: string): Promise<"done" | "missing" | "in doubt">;
  /** A comment that was deleted already is not a failure. */
  remove(id: number): Promise<void>;
  /** The pull request's current head commit. */
  head(): Promise<string>;
  /** The account of the token; `undefined` when GitHub does not report it, as for a job's own token. */
  account(): Promise<number | undefined>;
  wait(ms: number): Promise<void>;
}

export interface Comment {
  readonly id: number;
  /** Null for a deleted account. */
  readonly author: Author | null;
  readonly body: string;
  readonly url: string;
}

export interface Author {
  readonly id: number;
  readonly login: string;
  readonly bot: boolean;
}
