/** Who a commit is by: between the names in commits and the accounts of this hub. */
import type { Person } from "../../git/git.ts";
import type { Account } from "../../world/identity.ts";
import type { World } from "../../world/world.ts";
import { signatureOf } from "./signatures.ts";

/** A name and address that a client gave; what is missing is filled in. */
export interface GivenPerson {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** ISO 8601 where it is text. */
  readonly date?: string | Date | undefined;
}

/** What a client gave, laid over who it would be otherwise. */
export function personGiven(given: GivenPerson | undefined, otherwise: Person): Person {
  const date = new Date(given?.date ?? Number.NaN);
  return {
    name: given?.name ?? otherwise.name,
    email: given?.email ?? otherwise.email,
    date: Number.isNaN(date.getTime()) ? otherwise.date : date,
  };
}

/** The account whose commit this is, by its address; `undefined` for a stranger's. */
export function accountOf(world: World, person: Person): Account | undefined {
  const email = person.email.toLowerCase();
  return [...world.accounts.values()].find((account) => signatureOf(world, account).email.toLowerCase() === email);
}
