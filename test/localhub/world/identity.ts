/** Who acts on this GitHub: people, organisations, bots, apps and teams, and the tokens that speak for them. */
import type { Repository } from "./repository.ts";

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly kind: "User" | "Organization" | "Bot";
  readonly name: string | null;
  readonly email: string | null;
  readonly siteAdmin: boolean;
  readonly createdAt: Date;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly owner: Account;
  /** The account that comments, checks and commits appear under, for example `github-actions[bot]`. */
  readonly bot: Account;
  readonly permissions: Permissions;
  readonly createdAt: Date;
}

export interface Team {
  readonly id: number;
  readonly organization: Account;
  readonly slug: string;
  readonly name: string;
  readonly members: Set<Account>;
}

/** A collaborator's role on a repository, weakest first. */
export const ROLES = ["read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof ROLES)[number];

export function roleAtLeast(role: Role | undefined, wanted: Role): boolean {
  return role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

/**
 * Permission names as GitHub's REST documentation spells them (`pull_requests`, not the `pull-requests` of a workflow
 * file). `openapi/permissions.json` says which of them a route asks for.
 */
export type PermissionName = string;
export type Access = "read" | "write" | "admin";
export type Permissions = Readonly<Partial<Record<PermissionName, Access>>>;

/**
 * What a bearer token stands for.
 * - `classic`: a person's personal access token; may do what the person's role on the repository allows.
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
  /** Absent on classic tokens, which carry no permission set. */
  readonly permissions: Permissions | undefined;
  /** The only repository the token may act on; absent means every repository its actor can reach. */
  readonly repository: Repository | undefined;
  /** The job an `actions` token belongs to; the token dies with it. */
  readonly jobId: number | undefined;
  readonly expiresAt: Date | undefined;
  revoked: boolean;
}
