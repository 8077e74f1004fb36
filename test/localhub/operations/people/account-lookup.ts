/** Finding people, organisations, teams and apps by name. */

import { notFound } from "../../world/api-error.ts";
import type { Account, App, Team } from "../../world/identity.ts";
import type { World } from "../../world/world.ts";

/** @throws ApiError 404 */
export function accountByLogin(world: World, login: string): Account {
  const account = world.accounts.get(login.toLowerCase());
  if (account === undefined) throw notFound();
  return account;
}

/** @throws ApiError 404, also for people. */
export function organizationByLogin(world: World, login: string): Account {
  const account = accountByLogin(world, login);
  if (account.kind !== "Organization") throw notFound();
  return account;
}

/** @throws ApiError 404 */
export function teamBySlug(world: World, organization: string, slug: string): Team {
  const team = world.teams.get(`${organization}/${slug}`.toLowerCase());
  if (team === undefined) throw notFound();
  return team;
}

/** @throws ApiError 404 */
export function appBySlug(world: World, slug: string): App {
  for (const app of world.apps.values()) if (app.slug === slug) return app;
  throw notFound();
}

/** The people of an organisation: all members of its teams. */
export function membersOf(world: World, organization: Account): ReadonlySet<Account> {
  const teams = [...world.teams.values()].filter((team) => team.organization === organization);
  return new Set(teams.flatMap((team) => [...team.members]));
}
