/** Who acts on the local GitHub: people, organisations, bots, apps and teams, and their roles and permissions. */

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
  /** The account shown as author of its comments, checks and commits, for example `github-actions[bot]`. */
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

export function roleAtLeast(role: Role | undefined, minimum: Role): boolean {
  return role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(minimum);
}

/**
 * Permission names as GitHub's REST documentation spells them (`pull_requests`, not the `pull-requests` of a workflow
 * file). `openapi/permissions.json` lists which of them a route needs.
 */
export type PermissionName = string;
export type Access = "read" | "write" | "admin";
export type Permissions = Readonly<Partial<Record<PermissionName, Access>>>;
