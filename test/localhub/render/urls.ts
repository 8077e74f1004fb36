/**
 * Where things are: API addresses (`…Api`) and pages for people (`…Page`), in github.com's forms but on this hub.
 * Segments that come from names are escaped.
 */
import type { Account } from "../world/identity.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";

/** `path` is joined as it is: it holds no text that wants escaping. */
export const api = (world: World, path: string): string => `${world.urls.api}/${path}`;
export const page = (world: World, path: string): string => `${world.urls.html}/${path}`;

export const accountApi = (world: World, account: Account): string =>
  api(world, `${account.kind === "Organization" ? "orgs" : "users"}/${encodeURIComponent(account.login)}`);

/** A bot's page is its app's. */
export function accountPage(world: World, account: Account): string {
  const app = account.kind === "Bot" ? /^(.+)\[bot\]$/.exec(account.login)?.[1] : undefined;
  return page(world, app === undefined ? encodeURIComponent(account.login) : `apps/${encodeURIComponent(app)}`);
}

export const avatarUrl = (world: World, account: Account): string => page(world, `-/avatars/${account.id}`);

/** With `path`, something below it: `repositoryApi(world, repository, "pulls/7")`. */
export function repositoryApi(world: World, repository: Repository, path?: string): string {
  return api(world, `repos/${repository.fullName}${path === undefined ? "" : `/${path}`}`);
}

export function repositoryPage(world: World, repository: Repository, path?: string): string {
  return page(world, `${repository.fullName}${path === undefined ? "" : `/${path}`}`);
}

export const issuePage = (world: World, repository: Repository, number: number): string =>
  repositoryPage(world, repository, `issues/${number}`);
export const pullPage = (world: World, repository: Repository, number: number): string =>
  repositoryPage(world, repository, `pull/${number}`);
export const commitApi = (world: World, repository: Repository, sha: string): string =>
  repositoryApi(world, repository, `commits/${sha}`);
export const commitPage = (world: World, repository: Repository, sha: string): string =>
  repositoryPage(world, repository, `commit/${sha}`);
export const runPage = (world: World, repository: Repository, runId: number): string =>
  repositoryPage(world, repository, `actions/runs/${runId}`);
export const jobPage = (world: World, repository: Repository, runId: number, jobId: number): string =>
  repositoryPage(world, repository, `actions/runs/${runId}/job/${jobId}`);
export const checkRunPage = (world: World, repository: Repository, checkRunId: number): string =>
  repositoryPage(world, repository, `runs/${checkRunId}`);

/** A path inside a repository (`docs/a b.md`), escaped segment by segment. */
export const escapedPath = (path: string): string => path.split("/").map(encodeURIComponent).join("/");
