/** The payload of `push`, the one event whose repository and commits differ from those in all other payloads. */
import { type Commit, type GitIdentity, ZERO_SHA } from "../git/git-repository.ts";
import { gitIdentityOf } from "../operations/git/git-identity.ts";
import { accountOfIdentity } from "../operations/git/resolve-git-identity.ts";
import { renderAccount } from "../render/account.ts";
import { renderRepository } from "../render/repository.ts";
import { timestamp } from "../render/timestamp.ts";
import { commitPageUrl, escapedPath, repositoryPageUrl } from "../render/urls.ts";
import type { DomainEvent } from "../world/domain-events.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";

/** GitHub docs, "Webhook events and payloads", `push`: commits in the payload. */
const MAX_COMMITS = 2_048;

type Push = Extract<DomainEvent, { event: "push" }>;

export async function renderPush(world: World, push: Push) {
  const { repository, ref, before, after, forced, actor } = push;
  const fixed = {
    ref,
    before,
    after,
    created: before === ZERO_SHA,
    deleted: after === ZERO_SHA,
    forced,
    base_ref: null,
    compare: compareUrl(world, push),
    pusher: { name: actor.login, email: gitIdentityOf(world, actor).email },
    repository: renderPushedRepository(world, repository),
  };
  const head = after === ZERO_SHA ? undefined : await repository.git.commit(await peeled(repository, after));
  const commits = await pushedCommits(push);
  return {
    ...fixed,
    commits: commits.map((commit) => renderPushedCommit(world, repository, commit)),
    head_commit: head ? renderPushedCommit(world, repository, head) : null,
  };
}

/** The commits the push added, oldest first; a new branch is compared with the default one. Tags add none. */
async function pushedCommits({ repository, ref, before, after }: Push): Promise<readonly Commit[]> {
  const { git, defaultBranch } = repository;
  if (!ref.startsWith("refs/heads/") || after === ZERO_SHA) return [];
  const isDefault = ref === `refs/heads/${defaultBranch}`;
  const base =
    before === ZERO_SHA ? (isDefault ? undefined : await git.resolve(`refs/heads/${defaultBranch}`)) : before;
  const commits = await git.log(after, { ...(base !== undefined && { base }), limit: MAX_COMMITS });
  return commits.toReversed();
}

/**
 * Without `added`, `removed` and `modified`: GitHub docs, "Events that trigger workflows", `push`: payloads available
 * to workflows do not have them.
 */
function renderPushedCommit(world: World, repository: Repository, commit: Commit) {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: timestamp(commit.committer.date),
    url: commitPageUrl(world, repository, commit.sha),
    author: renderPusher(world, commit.author),
    committer: renderPusher(world, commit.committer),
  };
}

function renderPusher(world: World, person: GitIdentity) {
  const account = accountOfIdentity(world, person);
  return { name: person.name, email: person.email, ...(account && { username: account.login }) };
}

/** Times are numbers and `url` is the web page: GitHub has kept this older form for pushes. */
function renderPushedRepository(world: World, repository: Repository) {
  const { owner } = repository;
  return {
    ...renderRepository(world, repository),
    owner: { ...renderAccount(world, owner), name: owner.login, email: owner.email },
    url: repositoryPageUrl(world, repository),
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt),
    stargazers: 0,
    master_branch: repository.defaultBranch,
    ...(owner.kind === "Organization" && { organization: owner.login }),
  };
}

function compareUrl(world: World, { repository, ref, before, after }: Push): string {
  const short = escapedPath(ref.replace(/^refs\/(heads|tags)\//, ""));
  const range = before === ZERO_SHA ? short : `${before.slice(0, 12)}...${after.slice(0, 12)}`;
  return repositoryPageUrl(world, repository, `compare/${range}`);
}

/** The commit behind an annotated tag. */
const peeled = async ({ git }: Repository, sha: string): Promise<string> => (await git.resolve(sha)) ?? sha;

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
