/** Who a commit is by: between the names in commits and the accounts of this hub. */
import type { GitIdentity } from "../../git/git-repository.ts";
import type { Account } from "../../world/identity.ts";
import type { World } from "../../world/world.ts";
import { gitIdentityOf } from "./git-identity.ts";

/** A name and address that a client gave; what is missing is filled in. */
export interface GitIdentityInput {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** ISO 8601 where it is text. */
  readonly date?: string | Date | undefined;
}

/** What a client gave, laid over who it would be otherwise. */
export function resolveGitIdentity(given: GitIdentityInput | undefined, otherwise: GitIdentity): GitIdentity {
  const date = new Date(given?.date ?? Number.NaN);
  return {
    name: given?.name ?? otherwise.name,
    email: given?.email ?? otherwise.email,
    date: Number.isNaN(date.getTime()) ? otherwise.date : date,
  };
}

/** The account whose commit this is, by its address; `undefined` for a stranger's. */
export function accountOfIdentity(world: World, person: GitIdentity): Account | undefined {
  const email = person.email.toLowerCase();
  return [...world.accounts.values()].find((account) => gitIdentityOf(world, account).email.toLowerCase() === email);
}
