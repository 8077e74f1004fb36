/** What a request can end in. */
import type { Json } from "./github.ts";

export interface GitHubResponse {
  readonly kind: "response";
  readonly status: number;
  readonly headers: Headers;
  /** As it came, known to be JSON; empty where the status has no body. */
  readonly text: string;
  readonly data: Json;
}

/** No response, or one that was cut off or is not JSON. */
export interface NoResponse {
  readonly kind: "no-response";
  readonly reason: string;
}

/** A download that arrived whole. */
export interface Downloaded {
  readonly kind: "downloaded";
  readonly bytes: Uint8Array;
}

/** The response to a download, its body not read yet. */
export interface Opened {
  readonly kind: "opened";
  readonly response: Response;
}

export const isSuccess = (result: GitHubResponse | NoResponse): result is GitHubResponse =>
  result.kind === "response" && result.status >= 200 && result.status < 300;

/** GitHub's own words about an error; empty when it gave none. */
export function getResponseMessage({ data }: GitHubResponse): string {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return "";
  const { message } = data as { readonly message?: unknown };
  return typeof message === "string" ? message : "";
}
