/** One request and its answer, as plain values: the rules of the REST face work on these, not on sockets. */
export type Headers = Readonly<Record<string, string | undefined>>;

export interface Incoming {
  readonly method: string;
  /** The path below the API prefix, still encoded. */
  readonly pathname: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Headers;
  readonly bytes: Buffer;
}

export interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export const EMPTY = Buffer.alloc(0);

export function jsonOutcome(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Outcome {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}
