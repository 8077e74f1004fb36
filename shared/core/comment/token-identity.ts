/** Who wrote a comment. If a user copies a marker into their own comment, that comment must not be overwritten. */
import type { Author } from "./conversation.ts";

/** The account that the token writes as, as far as that is known. */
export type TokenIdentity =
  /** Assumed for a job's own token until GitHub shows another account. Nobody can register a login with brackets. */
  { readonly kind: "bot"; readonly login: string } | { readonly kind: "account"; readonly id: number };

/** The account of `GITHUB_TOKEN`, on github.com and on GitHub Enterprise. */
export const ACTIONS_BOT = "github-actions[bot]";

export function isTokenIdentity(author: Author | null, self: TokenIdentity): boolean {
  if (author === null) return false;
  if (self.kind === "account") return author.id === self.id;
  return author.bot && author.login.toLowerCase() === self.login.toLowerCase();
}
