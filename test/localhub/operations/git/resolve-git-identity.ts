/** Who a commit is by: maps the names in commits to accounts. */
import type { GitIdentity } from "../../git/git-repository.ts";
import type { Account } from "../../world/identity.ts";
import type { World } from "../../world/world.ts";
import { gitIdentityOf } from "./git-identity.ts";

/** A name and email address from a client; missing fields are filled in. */
export interface GitIdentityInput {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** ISO 8601 when it is a string. */
  readonly date?: string | Date | undefined;
}

/** The fields from the client, or else those of `fallback`. */
export function resolveGitIdentity(input: GitIdentityInput | undefined, fallback: GitIdentity): GitIdentity {
  const date = new Date(input?.date ?? Number.NaN);
  return {
    name: input?.name ?? fallback.name,
    email: input?.email ?? fallback.email,
    date: Number.isNaN(date.getTime()) ? fallback.date : date,
  };
}

/** The account with the email address of the commit; `undefined` when there is none. */
export function accountOfIdentity(world: World, identity: GitIdentity): Account | undefined {
  const email = identity.email.toLowerCase();
  return [...world.accounts.values()].find((account) => gitIdentityOf(world, account).email.toLowerCase() === email);
}
