/** Creating people, organisations, teams and apps. */
import type { Account, App, Permissions, Team } from "../../world/identity.ts";
import type { World } from "../../world/world.ts";

/** The ids of GitHub's own Actions app and its bot on github.com; tools compare against them. */
const ACTIONS_APP_ID = 15_368;
const ACTIONS_BOT_ID = 41_898_282;

export interface NewAccount {
  readonly login: string;
  readonly kind?: Account["kind"];
  readonly name?: string;
  readonly email?: string;
  readonly siteAdmin?: boolean;
}

/** @throws Error when the login is taken. Logins are compared without case. */
export function createAccount(world: World, account: NewAccount): Account {
  return addAccount(world, world.nextId(), account);
}

/** The account of that login; created as a user when there is none yet. */
export function ensureAccount(world: World, login: string): Account {
  return world.accounts.get(login.toLowerCase()) ?? createAccount(world, { login });
}

export function createTeam(world: World, organization: Account, slug: string, members: readonly Account[]): Team {
  const team: Team = { id: world.nextId(), organization, slug, name: slug, members: new Set(members) };
  world.teams.set(`${organization.login}/${slug}`.toLowerCase(), team);
  return team;
}

export function createApp(world: World, slug: string, owner: Account, permissions: Permissions): App {
  const bot = createAccount(world, { login: `${slug}[bot]`, kind: "Bot" });
  return addApp(world, { id: world.nextId(), slug, name: slug, owner, bot, permissions });
}

/** GitHub Actions itself: the app behind every `GITHUB_TOKEN`. Created on first use. */
export function actionsApp(world: World): App {
  const existing = world.apps.get(ACTIONS_APP_ID);
  if (existing) return existing;
  const owner = world.accounts.get("github") ?? createAccount(world, { login: "github", kind: "Organization" });
  const bot = addAccount(world, ACTIONS_BOT_ID, { login: "github-actions[bot]", kind: "Bot" });
  return addApp(world, {
    id: ACTIONS_APP_ID,
    slug: "github-actions",
    name: "GitHub Actions",
    owner,
    bot,
    permissions: { actions: "write", checks: "write", contents: "write", deployments: "write", metadata: "read" },
  });
}

function addApp(world: World, app: Omit<App, "createdAt">): App {
  const complete: App = { ...app, createdAt: world.clock.now() };
  world.apps.set(complete.id, complete);
  return complete;
}

function addAccount(world: World, id: number, account: NewAccount): Account {
  const key = account.login.toLowerCase();
  if (world.accounts.has(key)) throw new Error(`there is already an account "${account.login}"`);
  const complete: Account = {
    id,
    login: account.login,
    kind: account.kind ?? "User",
    name: account.name ?? null,
    email: account.email ?? null,
    siteAdmin: account.siteAdmin ?? false,
    createdAt: world.clock.now(),
  };
  world.accounts.set(key, complete);
  return complete;
}
