/** The conversation of one pull request, as this room needs it. An adapter makes it real. */
export interface Conversation {
  /** All comments, all pages. May lag behind what was written a moment ago. */
  list(): Promise<readonly Comment[]>;
  /** Writes a new comment, once, whatever happens on the way. */
  create(body: string): Promise<Comment>;
  update(id: number, body: string): Promise<"done" | "gone">;
  /** That it is gone already is no failure. */
  remove(id: number): Promise<void>;
  /** The pull request's head commit as of now. */
  head(): Promise<string>;
  /** The account of the token; `undefined` when GitHub does not say, as for a job's own token. */
  account(): Promise<number | undefined>;
  /** Lets so many milliseconds pass. */
  wait(ms: number): Promise<void>;
}

export interface Comment {
  readonly id: number;
  /** Null: the account is deleted. */
  readonly author: Author | null;
  readonly body: string;
  readonly url: string;
}

export interface Author {
  readonly id: number;
  readonly login: string;
  readonly bot: boolean;
}
