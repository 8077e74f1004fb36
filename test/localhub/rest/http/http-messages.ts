/** One request and its response as plain values: the rules of the REST API server use these, not sockets. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

export interface HttpRequest {
  readonly method: string;
  /** The path below the API prefix, still encoded. */
  readonly pathname: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: RequestHeaders;
  readonly bytes: Buffer;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export const EMPTY_BODY = Buffer.alloc(0);

export function jsonResponse(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}
