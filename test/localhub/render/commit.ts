/** Commits, in the form of the commit lists and in the shorter one of the git database. */
import type { components } from "@octokit/openapi-types";
import type { Commit, FileChange, GitIdentity } from "../git/git-repository.ts";
import { accountOfIdentity } from "../operations/git/resolve-git-identity.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { renderFileChange } from "./file-change.ts";
import { nodeId } from "./node-id.ts";
import { timestamp } from "./timestamp.ts";
import { commitApiUrl, commitPageUrl, repositoryApiUrl } from "./urls.ts";

type Schemas = components["schemas"];

/** A commit in lists, comparisons and pull requests. */
export function renderCommit(world: World, repository: Repository, commit: Commit) {
  const url = commitApiUrl(world, repository, commit.sha);
  return {
    sha: commit.sha,
    node_id: nodeId("commit", commit.sha, repository.id),
    commit: {
      author: renderPerson(commit.author),
      committer: renderPerson(commit.committer),
      message: commit.message,
      tree: renderTreeLink(world, repository, commit.tree),
      url: repositoryApiUrl(world, repository, `git/commits/${commit.sha}`),
      comment_count: 0,
      verification: renderVerification(commit.signature),
    },
    url,
    html_url: commitPageUrl(world, repository, commit.sha),
    comments_url: `${url}/comments`,
    author: renderCommitAccount(world, commit.author),
    committer: renderCommitAccount(world, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: commitApiUrl(world, repository, sha),
      html_url: commitPageUrl(world, repository, sha),
    })),
  } satisfies Schemas["commit"];
}

/** A commit with the counts of all its `changes`, and the files in `shown`. */
export function renderCommitWithFiles(
  world: World,
  repository: Repository,
  commit: Commit,
  changes: readonly FileChange[],
  shown: readonly FileChange[],
): Schemas["commit"] {
  const additions = changes.reduce((sum, change) => sum + change.additions, 0);
  const deletions = changes.reduce((sum, change) => sum + change.deletions, 0);
  return {
    ...renderCommit(world, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: shown.map((change) => renderFileChange(world, repository, change, commit.sha)),
  };
}

/** A commit in the git database. */
export function renderGitCommit(world: World, repository: Repository, commit: Commit) {
  const at = (sha: string): string => repositoryApiUrl(world, repository, `git/commits/${sha}`);
  return {
    sha: commit.sha,
    node_id: nodeId("commit", commit.sha, repository.id),
    url: at(commit.sha),
    html_url: commitPageUrl(world, repository, commit.sha),
    author: renderPerson(commit.author),
    committer: renderPerson(commit.committer),
    tree: renderTreeLink(world, repository, commit.tree),
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: at(sha),
      html_url: commitPageUrl(world, repository, sha),
    })),
    verification: renderVerification(commit.signature),
  } satisfies Schemas["git-commit"];
}

/** The local GitHub has no keys, so it cannot verify signatures. */
export const renderVerification = (signature: Commit["signature"]) =>
  ({
    verified: false,
    reason: signature === undefined ? "unsigned" : "unknown_key",
    signature: signature?.text ?? null,
    payload: signature?.payload ?? null,
    verified_at: null,
  }) satisfies Schemas["verification"];

export const renderPerson = (person: GitIdentity) => ({
  name: person.name,
  email: person.email,
  date: timestamp(person.date),
});

const renderTreeLink = (world: World, repository: Repository, sha: string) => ({
  sha,
  url: repositoryApiUrl(world, repository, `git/trees/${sha}`),
});

/** The account with the commit's email address; `null` when there is none. */
function renderCommitAccount(world: World, person: GitIdentity) {
  const account = accountOfIdentity(world, person);
  return account === undefined ? null : renderAccount(world, account);
}
