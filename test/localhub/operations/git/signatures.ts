/** The names that stand in commits GitHub makes. */
import type { Person } from "../../git/git.ts";
import type { Account } from "../../world/identity.ts";
import type { World } from "../../world/world.ts";

/** The account as author: its own address, or the private one GitHub gives everybody. */
export function signatureOf(world: World, account: Account): Person {
  return {
    name: account.name ?? account.login,
    email: account.email ?? `${account.id}+${account.login}@users.noreply.github.com`,
    date: world.clock.now(),
  };
}

/** The committer of everything that is committed on the server. */
export const serverSignature = (world: World): Person => ({
  name: "GitHub",
  email: "noreply@github.com",
  date: world.clock.now(),
});
