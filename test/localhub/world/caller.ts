/** Who makes a request: the account it is attributed to and, when it came over the API, its token. */
import type { Account, App } from "./identity.ts";
import type { Token } from "./tokens.ts";

export interface Caller {
  readonly actor: Account;
  readonly token: Token | undefined;
}

/** The app that the caller acts through (`performed_via_github_app`). */
export function appOf(caller: Caller): App | undefined {
  return caller.token?.app;
}
