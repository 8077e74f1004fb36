/** Teams and organisations in REST replies. */
import type { components } from "@octokit/openapi-types";
import type { Account, Role, Team } from "../world/identity.ts";
import type { World } from "../world/world.ts";
import { accountNodeId, publicRepositories } from "./account.ts";
import { nodeId } from "./node-id.ts";
import { timestamp } from "./timestamp.ts";
import { apiUrl, avatarUrl, pageUrl } from "./urls.ts";

type Schemas = components["schemas"];

/** The names for roles in the REST objects of teams. */
const PERMISSION_OF = { read: "pull", triage: "triage", write: "push", maintain: "maintain", admin: "admin" } as const;

/** @param role The team's role on the repository of the reply. */
export function renderTeam(world: World, team: Team, role: Role = "read") {
  const self = teamApi(world, team);
  return {
    id: team.id,
    node_id: nodeId("team", team.id),
    name: team.name,
    slug: team.slug,
    description: "",
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: PERMISSION_OF[role],
    url: self,
    html_url: pageUrl(world, `orgs/${team.organization.login}/teams/${team.slug}`),
    members_url: `${self}/members{/member}`,
    repositories_url: `${self}/repos`,
    type: "organization",
    organization_id: team.organization.id,
    parent: null,
  } satisfies Schemas["team"];
}

export function renderFullTeam(world: World, team: Team): Schemas["team-full"] {
  const repositories = [...world.repositories.values()].filter(({ teams }) => teams.has(team));
  const { organization } = team;
  return {
    ...renderTeam(world, team),
    privacy: "closed",
    notification_setting: "notifications_enabled",
    members_count: team.members.size,
    repos_count: repositories.length,
    created_at: timestamp(organization.createdAt),
    updated_at: timestamp(organization.createdAt),
    organization: renderOrganization(world, organization),
  };
}

export function renderMembership(world: World, team: Team, member: Account): Schemas["team-membership"] {
  return { url: `${teamApi(world, team)}/memberships/${member.login}`, role: "member", state: "active" };
}

export function renderOrganization(world: World, organization: Account) {
  return {
    ...renderOrganizationSummary(world, organization),
    name: organization.name ?? organization.login,
    is_verified: false,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: publicRepositories(world, organization),
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: pageUrl(world, organization.login),
    type: "Organization",
    created_at: timestamp(organization.createdAt),
    updated_at: timestamp(organization.createdAt),
    archived_at: null,
  } satisfies Schemas["organization-full"];
}

/** The organisation next to the repository in a webhook payload. */
export function renderOrganizationSummary(world: World, organization: Account) {
  const self = apiUrl(world, `orgs/${organization.login}`);
  return {
    login: organization.login,
    id: organization.id,
    node_id: accountNodeId(organization),
    url: self,
    repos_url: `${self}/repos`,
    events_url: `${self}/events`,
    hooks_url: `${self}/hooks`,
    issues_url: `${self}/issues`,
    members_url: `${self}/members{/member}`,
    public_members_url: `${self}/public_members{/member}`,
    avatar_url: avatarUrl(world, organization),
    description: "",
  };
}

const teamApi = (world: World, team: Team): string =>
  apiUrl(world, `organizations/${team.organization.id}/team/${team.id}`);
