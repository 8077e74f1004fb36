/** How a create is kept from happening twice: before it is sent again, its effect is looked for. */
import type { CreateRequest, GitHubError, Json } from "./github.ts";
import { type GitHubResponse, isSuccess, type NoResponse } from "./response.ts";
import { isRetryable } from "./retry.ts";

/** The small pieces that a create is made of. */
export interface CreateSteps {
  /** Sends the request, again only when a rate limit rejected it: then it had no effect. */
  readonly send: () => Promise<GitHubResponse | NoResponse>;
  readonly find: CreateRequest["find"];
  readonly wait: (ms: number) => Promise<void>;
  readonly toError: (result: GitHubResponse | NoResponse) => GitHubError;
}

/** A new object may be missing from lists for some seconds: the lookup is repeated after each of these waits. */
const LOOKUP_DELAYS_MS = [500, 1_500, 4_000] as const;
const MAX_SENDS = 3;

/** @throws GitHubError of `toError` when GitHub rejects the request, or when no send had an effect that is found */
export async function createOnce({ send, find, wait, toError }: CreateSteps): Promise<Json> {
  for (let sends = 1; ; sends += 1) {
    const result = await send();
    if (isSuccess(result)) return result.data;
    if (!isRetryable(result)) {
      // GitHub may reject the second request because the first took effect: "already exists".
      const found = sends > 1 ? await find() : undefined;
      if (found !== undefined) return found;
      throw toError(result);
    }
    for (const delay of LOOKUP_DELAYS_MS) {
      await wait(delay);
      const found = await find();
      if (found !== undefined) return found;
    }
    if (sends === MAX_SENDS) throw toError(result);
  }
}
