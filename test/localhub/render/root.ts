/** The API's description of itself: the URLs of its parts, and the IP addresses of its services. */
import type { components } from "@octokit/openapi-types";
import type { World } from "../world/world.ts";
import { apiUrl, pageUrl } from "./urls.ts";

type Schemas = components["schemas"];

export function renderRoot(world: World): Schemas["root"] {
  const at = (path: string): string => apiUrl(world, path);
  return {
    current_user_url: at("user"),
    current_user_authorizations_html_url: pageUrl(world, "settings/connections/applications{/client_id}"),
    authorizations_url: at("authorizations"),
    code_search_url: at("search/code?q={query}{&page,per_page,sort,order}"),
    commit_search_url: at("search/commits?q={query}{&page,per_page,sort,order}"),
    emails_url: at("user/emails"),
    emojis_url: at("emojis"),
    events_url: at("events"),
    feeds_url: at("feeds"),
    followers_url: at("user/followers"),
    following_url: at("user/following{/target}"),
    gists_url: at("gists{/gist_id}"),
    hub_url: at("hub"),
    issue_search_url: at("search/issues?q={query}{&page,per_page,sort,order}"),
    issues_url: at("issues"),
    keys_url: at("user/keys"),
    label_search_url: at("search/labels?q={query}&repository_id={repository_id}{&page,per_page}"),
    notifications_url: at("notifications"),
    organization_url: at("orgs/{org}"),
    organization_repositories_url: at("orgs/{org}/repos{?type,page,per_page,sort}"),
    organization_teams_url: at("orgs/{org}/teams"),
    public_gists_url: at("gists/public"),
    rate_limit_url: at("rate_limit"),
    repository_url: at("repos/{owner}/{repo}"),
    repository_search_url: at("search/repositories?q={query}{&page,per_page,sort,order}"),
    current_user_repositories_url: at("user/repos{?type,page,per_page,sort}"),
    starred_url: at("user/starred{/owner}{/repo}"),
    starred_gists_url: at("gists/starred"),
    topic_search_url: at("search/topics?q={query}{&page,per_page}"),
    user_url: at("users/{user}"),
    user_organizations_url: at("user/orgs"),
    user_repositories_url: at("users/{user}/repos{?type,page,per_page,sort}"),
    user_search_url: at("search/users?q={query}{&page,per_page,sort,order}"),
  };
}

/** Every part of the local GitHub is on loopback. Enterprise Server includes its version here. */
export function renderMeta(world: World): Schemas["api-overview"] & { readonly installed_version?: string } {
  const loopback = ["127.0.0.1/32"];
  const { enterpriseVersion } = world.profile;
  return {
    verifiable_password_authentication: false,
    hooks: loopback,
    web: loopback,
    api: loopback,
    git: loopback,
    actions: loopback,
    ...(enterpriseVersion !== undefined && { installed_version: enterpriseVersion }),
  };
}
