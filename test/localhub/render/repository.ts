/** Repositories in the three sizes of REST replies. */
import type { components } from "@octokit/openapi-types";
import { forksOf, networkOf, rootOf } from "../operations/people/networks.ts";
import { roleOf } from "../operations/people/repositories.ts";
import type { Account } from "../world/identity.ts";
import { roleAtLeast } from "../world/identity.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { nodeId } from "./node-id.ts";
import { renderCloneUrls, renderRepositoryUrls } from "./repository-urls.ts";
import { timestamp } from "./timestamp.ts";

type Schemas = components["schemas"];

/** The small repository object inside runs, suites and lists. */
export function renderMinimalRepository(world: World, repository: Repository) {
  return {
    id: repository.id,
    node_id: nodeId("repository", repository.id),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.private,
    owner: renderAccount(world, repository.owner),
    description: repository.description,
    fork: repository.forkOf !== undefined,
    ...renderRepositoryUrls(world, repository),
  } satisfies Schemas["minimal-repository"];
}

/** The repository object inside pull requests and webhook payloads. */
export function renderRepository(world: World, repository: Repository) {
  const forks = forksOf(world, repository).length;
  const open = [...repository.issues.values()].filter((issue) => issue.state === "open").length;
  return {
    ...renderMinimalRepository(world, repository),
    ...renderCloneUrls(world, repository),
    mirror_url: null,
    homepage: null,
    // GitHub computes these two in the background, long after a push; a new repository has these values.
    language: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    forks_count: forks,
    forks,
    open_issues_count: open,
    open_issues: open,
    default_branch: repository.defaultBranch,
    license: null,
    topics: [] as string[],
    visibility: repository.private ? "private" : "public",
    is_template: false,
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: false,
    disabled: false,
    allow_forking: true,
    web_commit_signoff_required: false,
    pushed_at: timestamp(repository.pushedAt),
    created_at: timestamp(repository.createdAt),
    updated_at: timestamp(repository.pushedAt),
  } satisfies Schemas["repository"];
}

/** The full repository, the reply of `repos/get` to `viewer`. */
export function renderFullRepository(
  world: World,
  repository: Repository,
  viewer: Account | undefined,
): Schemas["full-repository"] {
  const { forkOf: parent, owner } = repository;
  return {
    ...renderRepository(world, repository),
    network_count: networkOf(world, repository).length - 1,
    subscribers_count: 0,
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    allow_update_branch: false,
    delete_branch_on_merge: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
    squash_merge_commit_message: "COMMIT_MESSAGES",
    merge_commit_title: "MERGE_MESSAGE",
    merge_commit_message: "PR_TITLE",
    ...(viewer && { permissions: renderPermissions(repository, viewer) }),
    ...(owner.kind === "Organization" && { organization: renderAccount(world, owner) }),
    ...(parent && { parent: renderRepository(world, parent), source: renderRepository(world, rootOf(parent)) }),
  };
}

/** The permissions of `viewer`, with GitHub's names: `push` is the role `write`, `pull` is `read`. */
export function renderPermissions(repository: Repository, viewer: Account) {
  const role = roleOf(repository, viewer);
  return {
    admin: roleAtLeast(role, "admin"),
    maintain: roleAtLeast(role, "maintain"),
    push: roleAtLeast(role, "write"),
    triage: roleAtLeast(role, "triage"),
    pull: roleAtLeast(role, "read"),
  };
}
