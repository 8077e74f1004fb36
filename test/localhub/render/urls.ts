/**
 * URLs of the API (`…ApiUrl`) and of web pages (`…PageUrl`), with github.com's paths but on the local GitHub. Segments
 * that come from names are escaped.
 */
import type { Account } from "../world/identity.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";

/** `path` is appended unchanged: it contains nothing that needs escaping. */
export const apiUrl = (world: World, path: string): string => `${world.urls.api}/${path}`;
export const pageUrl = (world: World, path: string): string => `${world.urls.html}/${path}`;

export const accountApiUrl = (world: World, account: Account): string =>
  apiUrl(world, `${account.kind === "Organization" ? "orgs" : "users"}/${encodeURIComponent(account.login)}`);

/** A bot's page is its app's. */
export function accountPageUrl(world: World, account: Account): string {
  const app = account.kind === "Bot" ? /^(.+)\[bot\]$/.exec(account.login)?.[1] : undefined;
  return pageUrl(world, app === undefined ? encodeURIComponent(account.login) : `apps/${encodeURIComponent(app)}`);
}

export const avatarUrl = (world: World, account: Account): string => pageUrl(world, `-/avatars/${account.id}`);

/** With `path`, something below it: `repositoryApiUrl(world, repository, "pulls/7")`. */
export function repositoryApiUrl(world: World, repository: Repository, path?: string): string {
  return apiUrl(world, `repos/${repository.fullName}${path === undefined ? "" : `/${path}`}`);
}

export function repositoryPageUrl(world: World, repository: Repository, path?: string): string {
  return pageUrl(world, `${repository.fullName}${path === undefined ? "" : `/${path}`}`);
}

export const issuePageUrl = (world: World, repository: Repository, number: number): string =>
  repositoryPageUrl(world, repository, `issues/${number}`);
export const pullPageUrl = (world: World, repository: Repository, number: number): string =>
  repositoryPageUrl(world, repository, `pull/${number}`);
export const commitApiUrl = (world: World, repository: Repository, sha: string): string =>
  repositoryApiUrl(world, repository, `commits/${sha}`);
export const commitPageUrl = (world: World, repository: Repository, sha: string): string =>
  repositoryPageUrl(world, repository, `commit/${sha}`);
export const runPageUrl = (world: World, repository: Repository, runId: number): string =>
  repositoryPageUrl(world, repository, `actions/runs/${runId}`);
export const jobPageUrl = (world: World, repository: Repository, runId: number, jobId: number): string =>
  repositoryPageUrl(world, repository, `actions/runs/${runId}/job/${jobId}`);
export const checkRunPageUrl = (world: World, repository: Repository, checkRunId: number): string =>
  repositoryPageUrl(world, repository, `runs/${checkRunId}`);

/** A path inside a repository (`docs/a b.md`), escaped segment by segment. */
export const escapedPath = (path: string): string => path.split("/").map(encodeURIComponent).join("/");
