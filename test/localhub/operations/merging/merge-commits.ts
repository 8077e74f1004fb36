/** The commits that a merge creates, for each of the three methods. */
import type { Commit, GitIdentity, GitRepository } from "../../git/git-repository.ts";
import type { Account } from "../../world/identity.ts";
import type { Issue } from "../../world/issues.ts";
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { issueByNumber } from "../conversations/issues.ts";
import { gitIdentityOf, serverGitIdentity } from "../git/git-identity.ts";
import { accountOfIdentity } from "../git/resolve-git-identity.ts";
import type { MergeMethod } from "../protection/requirements.ts";

export interface MergeMessage {
  /** The first line; GitHub's own by default. */
  readonly title?: string | undefined;
  /** The rest of the message. */
  readonly message?: string | undefined;
}

/**
 * Creates the commit that merges the pull request onto `onto`; no ref is moved.
 * @returns `undefined` when the two conflict.
 */
export function createMergeResultCommit(
  world: World,
  pull: PullRequest,
  onto: string,
  method: MergeMethod,
  text: MergeMessage,
  actor: Account,
): Promise<string | undefined> {
  switch (method) {
    case "merge":
      return writeMergeCommit(world, pull, onto, text, actor);
    case "squash":
      return writeSquashCommit(world, pull, onto, text);
    case "rebase":
      return rebaseCommits(world, pull, onto, actor);
  }
}

async function writeMergeCommit(
  world: World,
  pull: PullRequest,
  onto: string,
  text: MergeMessage,
  actor: Account,
): Promise<string | undefined> {
  const { git } = pull.base;
  const merged = await git.mergeTree(onto, pull.headSha);
  if (!merged.clean) return undefined;
  const owner = (pull.head ?? pull.base).owner.login;
  const title = text.title ?? `Merge pull request #${pull.number} from ${owner}/${pull.headRef}`;
  return git.writeCommit({
    tree: merged.tree,
    parents: [onto, pull.headSha],
    author: gitIdentityOf(world, actor),
    committer: serverGitIdentity(world),
    message: messageOf(title, text.message ?? issueByNumber(pull.base, pull.number).title),
  });
}

async function writeSquashCommit(
  world: World,
  pull: PullRequest,
  onto: string,
  text: MergeMessage,
): Promise<string | undefined> {
  const { git } = pull.base;
  const merged = await git.mergeTree(onto, pull.headSha);
  if (!merged.clean) return undefined;
  const issue = issueByNumber(pull.base, pull.number);
  const commits = (await git.log(pull.headSha, { base: onto })).filter(isNotMerge).toReversed();
  const author = gitIdentityOf(world, issue.author);
  const defaults = squashMessage(issue, commits);
  const body =
    text.message ?? [defaults.message, ...coAuthors(world, issue.author, commits)].filter(Boolean).join("\n\n");
  return git.writeCommit({
    tree: merged.tree,
    parents: [onto],
    author,
    committer: serverGitIdentity(world),
    message: messageOf(text.title ?? defaults.title, body),
  });
}

/** GitHub's defaults: one commit keeps its message, several are listed under the pull request's title. */
function squashMessage(issue: Issue, commits: readonly Commit[]): { readonly title: string; readonly message: string } {
  const [first] = commits;
  if (first !== undefined && commits.length === 1) {
    const [title = "", ...rest] = first.message.split("\n");
    return { title: `${title} (#${issue.number})`, message: rest.join("\n").trim() };
  }
  const message = commits.map((commit) => `* ${commit.message.trim()}`).join("\n\n");
  return { title: `${issue.title} (#${issue.number})`, message };
}

/** A trailer for each other author of the commits. */
function coAuthors(world: World, author: Account, commits: readonly Commit[]): readonly string[] {
  const others = commits.map((commit) => commit.author).filter((person) => accountOfIdentity(world, person) !== author);
  const trailers = new Set(others.map(({ name, email }) => `Co-authored-by: ${name} <${email}>`));
  return trailers.size === 0 ? [] : [[...trailers].join("\n")];
}

async function rebaseCommits(
  world: World,
  pull: PullRequest,
  onto: string,
  actor: Account,
): Promise<string | undefined> {
  const { git } = pull.base;
  const commits = (await git.log(pull.headSha, { base: onto })).filter(isNotMerge).toReversed();
  let tip = onto;
  for (const commit of commits) {
    const next = await cherryPick(git, commit, tip, gitIdentityOf(world, actor));
    if (next === undefined) return undefined;
    tip = next;
  }
  return tip;
}

/** The commit's change on another parent: merges two temporary commits whose merge base is the commit's parent. */
async function cherryPick(
  git: GitRepository,
  commit: Commit,
  onto: string,
  committer: GitIdentity,
): Promise<string | undefined> {
  const target = await git.commit(onto);
  if (target === undefined) throw new Error(`there is no commit ${onto} in ${git.directory}`);
  const fields = { parents: commit.parents, author: commit.author, committer, message: commit.message };
  const [ours, theirs] = [
    await git.writeCommit({ ...fields, tree: target.tree }),
    await git.writeCommit({ ...fields, tree: commit.tree }),
  ];
  const merged = await git.mergeTree(ours, theirs);
  if (!merged.clean) return undefined;
  return git.writeCommit({ ...fields, tree: merged.tree, parents: [onto] });
}

const isNotMerge = (commit: Commit): boolean => commit.parents.length < 2;

const messageOf = (title: string, body: string): string => (body === "" ? title : `${title}\n\n${body}`);
