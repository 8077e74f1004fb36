/** Who asks for a change: the account it is attributed to and, when it came over the API, the token that carried it. */
import type { Account, App } from "./identity.ts";
import type { Token } from "./tokens.ts";

export interface Caller {
  readonly actor: Account;
  readonly token: Token | undefined;
}

/** The app that a caller's writing is shown as made via (`performed_via_github_app`). */
export function appOf(caller: Caller): App | undefined {
  return caller.token?.app;
}
