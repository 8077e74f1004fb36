/** Bearer tokens: whom each belongs to, and what it permits. */
import type { Account, App, Permissions } from "./identity.ts";
import type { Repository } from "./repository.ts";

/**
 * What kind of token it is.
 * - `classic`: a person's personal access token; permits what the person's role on the repository allows.
 * - `fine-grained`: a person's token that is further narrowed to a permission set.
 * - `actions`: a job's `GITHUB_TOKEN`; acts as `github-actions[bot]` on one repository with the job's permissions.
 * - `app`: an installation token of another GitHub App.
 */
export type TokenKind = "classic" | "fine-grained" | "actions" | "app";

export interface Token {
  readonly value: string;
  readonly kind: TokenKind;
  readonly actor: Account;
  /** The app behind an `actions` or `app` token. */
  readonly app: App | undefined;
  /** Absent on classic tokens, which have no permission set. */
  readonly permissions: Permissions | undefined;
  /** The only repository the token may act on; absent means every repository its actor can reach. */
  readonly repository: Repository | undefined;
  /** The job an `actions` token belongs to; the token is valid until the job ends. */
  readonly jobId: number | undefined;
  readonly expiresAt: Date | undefined;
  revoked: boolean;
}
