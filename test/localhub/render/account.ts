/** People, organisations and bots in REST replies. */
import type { components } from "@octokit/openapi-types";
import type { Account } from "../world/identity.ts";
import type { World } from "../world/world.ts";
import { nodeId } from "./node-id.ts";
import { timestamp } from "./timestamp.ts";
import { accountPageUrl, apiUrl, avatarUrl } from "./urls.ts";

type Schemas = components["schemas"];

const NODE_KIND = { User: "account", Organization: "organization", Bot: "bot" } as const;

/** The account as embedded in most replies (`user`, `creator`, `sender` …). */
export function renderAccount(world: World, account: Account) {
  const self = apiUrl(world, `users/${encodeURIComponent(account.login)}`);
  return {
    login: account.login,
    id: account.id,
    node_id: accountNodeId(account),
    avatar_url: avatarUrl(world, account),
    gravatar_id: "",
    url: self,
    html_url: accountPageUrl(world, account),
    followers_url: `${self}/followers`,
    following_url: `${self}/following{/other_user}`,
    gists_url: `${self}/gists{/gist_id}`,
    starred_url: `${self}/starred{/owner}{/repo}`,
    subscriptions_url: `${self}/subscriptions`,
    organizations_url: `${self}/orgs`,
    repos_url: `${self}/repos`,
    events_url: `${self}/events{/privacy}`,
    received_events_url: `${self}/received_events`,
    type: account.kind,
    user_view_type: "public",
    site_admin: account.siteAdmin,
  } satisfies Schemas["simple-user"];
}

export const accountNodeId = (account: Account): string => nodeId(NODE_KIND[account.kind], account.id);

/** The account's public profile. */
export function renderPublicUser(world: World, account: Account): Schemas["public-user"] {
  return { ...renderAccount(world, account), ...profileOf(world, account) };
}

/** The account's profile as its owner sees it. */
export function renderPrivateUser(world: World, account: Account): Schemas["private-user"] {
  const owned = [...world.repositories.values()].filter(({ owner }) => owner === account);
  const hidden = owned.filter((repository) => repository.private);
  return {
    ...renderAccount(world, account),
    user_view_type: "private",
    ...profileOf(world, account),
    private_gists: 0,
    total_private_repos: hidden.length,
    owned_private_repos: hidden.length,
    disk_usage: 0,
    collaborators: new Set(hidden.flatMap(({ collaborators }) => [...collaborators.keys()])).size,
    two_factor_authentication: true,
  };
}

function profileOf(world: World, account: Account) {
  return {
    name: account.name,
    company: null,
    blog: "",
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    notification_email: account.email,
    public_repos: publicRepositories(world, account),
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: timestamp(account.createdAt),
    updated_at: timestamp(account.createdAt),
  };
}

/** How many public repositories the account owns. */
export function publicRepositories(world: World, account: Account): number {
  return [...world.repositories.values()].filter((repository) => repository.owner === account && !repository.private)
    .length;
}
