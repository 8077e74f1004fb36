/** Whose comment it is. Who copies a marker into a comment of their own must not get it overwritten with our words. */
import type { Author } from "./conversation.ts";

/** Whom the token writes as, as far as that is known. */
export type TokenIdentity =
  /** A job's own token, until GitHub shows otherwise. Nobody can register a login with brackets. */
  { readonly kind: "bot"; readonly login: string } | { readonly kind: "account"; readonly id: number };

/** What `GITHUB_TOKEN` writes as, on every GitHub. */
export const ACTIONS_BOT = "github-actions[bot]";

export function isTokenIdentity(author: Author | null, self: TokenIdentity): boolean {
  if (author === null) return false;
  if (self.kind === "account") return author.id === self.id;
  return author.bot && author.login.toLowerCase() === self.login.toLowerCase();
}
