/** The names in the commits that GitHub creates. */
import type { GitIdentity } from "../../git/git-repository.ts";
import type { Account } from "../../world/identity.ts";
import type { World } from "../../world/world.ts";

/** The account as author: with its own email address, or the private one GitHub gives everyone. */
export function gitIdentityOf(world: World, account: Account): GitIdentity {
  return {
    name: account.name ?? account.login,
    email: account.email ?? `${account.id}+${account.login}@users.noreply.github.com`,
    date: world.clock.now(),
  };
}

/** The committer of all commits created on the server. */
export const serverGitIdentity = (world: World): GitIdentity => ({
  name: "GitHub",
  email: "noreply@github.com",
  date: world.clock.now(),
});
