/** People, organisations, teams and apps. */
import {
  accountByLogin,
  appBySlug,
  membersOf,
  organizationByLogin,
  teamBySlug,
} from "../../operations/people/account-lookup.ts";
import { renderAccount, renderPrivateUser, renderPublicUser } from "../../render/account.ts";
import { renderApp } from "../../render/app.ts";
import { renderFullTeam, renderMembership, renderOrganization } from "../../render/team.ts";
import { apiUrl } from "../../render/urls.ts";
import { notFound } from "../../world/api-error.ts";
import type { Team } from "../../world/identity.ts";
import { type Call, list, noContent, ok, type Route, redirect, route } from "../route.ts";

export const identityRoutes: readonly Route[] = [
  route("users/get-authenticated", ({ world, actor }) => ok(renderPrivateUser(world, actor))),

  route("users/get-by-username", ({ world, path }) =>
    ok(renderPublicUser(world, accountByLogin(world, path["username"] ?? ""))),
  ),

  route("orgs/get", ({ world, path }) => ok(renderOrganization(world, organizationByLogin(world, path["org"] ?? "")))),

  route("orgs/check-membership-for-user", ({ world, caller, path }) => {
    const organization = organizationByLogin(world, path["org"] ?? "");
    const members = membersOf(world, organization);
    const login = path["username"] ?? "";
    // Callers outside of the organisation see only public members.
    if (caller === undefined || !members.has(caller.actor)) {
      return redirect(apiUrl(world, `orgs/${organization.login}/public_members/${login}`));
    }
    if (!members.has(accountByLogin(world, login))) throw notFound();
    return noContent;
  }),

  route("teams/get-by-name", (call) => ok(renderFullTeam(call.world, named(call)))),

  route("teams/list-members-in-org", (call) => {
    // Teams have no maintainers here: all are members.
    const members = call.query["role"] === "maintainer" ? [] : [...named(call).members];
    return list(members, (member) => renderAccount(call.world, member));
  }),

  route("teams/get-membership-for-user-in-org", (call) => {
    const team = named(call);
    const member = accountByLogin(call.world, call.path["username"] ?? "");
    if (!team.members.has(member)) throw notFound();
    return ok(renderMembership(call.world, team, member));
  }),

  route("apps/get-by-slug", ({ world, path }) => ok(renderApp(world, appBySlug(world, path["app_slug"] ?? "")))),
];

const named = ({ world, path }: Call): Team => teamBySlug(world, path["org"] ?? "", path["team_slug"] ?? "");
